"""n+ reach of many plans that are much alike: what single insertions do is worked out once and kept."""

import numpy as np

from models.arrays import FloatArray
from models.reach.contacts import Contacts, effective_shares
from models.reach.gamma import ReachModel

# Times what was bought, and so many of what was not: nodes need not be laid again for the next plan.
_ROOM = 2.0


class SimilarPlans:
    """Answers as models.reach.contacts.effective_shares does, to its accuracy (1e-6). The nodes are dense enough for
    every plan asked so far, so the last digits depend on those before, and on nothing else."""

    def __init__(self) -> None:
        self._model: ReachModel | None = None
        self._contacts: Contacts | None = None

    def effective_shares(self, model: ReachModel, insertions: FloatArray, times: int) -> FloatArray:
        """(n_segments,) share of each segment met `times` times or more; times >= 1."""
        reach = model.reach_shares(insertions)
        if times == 1 or model.own_distribution(insertions, times + 1) is not None:
            return effective_shares(model, insertions, times)
        return self._dense_enough(model, insertions, times).tally(insertions).shares_of(reach)

    def _dense_enough(self, model: ReachModel, insertions: FloatArray, times: int) -> Contacts:
        """The contacts kept, or others where they are of other people or too coarse for a plan."""
        kept, most = self._contacts, insertions
        if kept is not None and model is self._model and kept.times == times:
            if (insertions <= kept.most).all():
                return kept
            most = np.maximum(insertions, kept.most)
        most = _ROOM * most + _ROOM
        everyone = np.ones(len(model.population), dtype=bool)
        self._model, self._contacts = model, Contacts(model, times, most, everyone)
        return self._contacts
