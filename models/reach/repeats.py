"""Repeat audiences by what was bought: of one spot, issue or poster week's audience, the share that the next meets.

A programme's viewers come back; a station's airtime meets others with every spot. Of a rotation with the rating p of
one spot and the cume C, the share of people whom four weeks of it reach at least once,

    r = p (2.8 / C - 0.9)

fitted to published tables (late fringe, six points at C = .53; prime at .95): p / C is what spots within the cume
meet by chance. r is below 1 only where C > 2.8 p / (1 + 0.9 p). Without a cume r is a multiple of p. A poster showing
of rating p a week meets again what the trade's formula reach = g / (g + 2) implies (Gallop, OAAA 2006).

Breaks down: a rotation split into several lines reaches more than one line of their mean rating; the fit is of US and
European television, of one radio station, and of ratings up to 3 %.
"""

import numpy as np

MOST = 0.65  # of airtime, cume unknown
_BELOW_ONE = 0.999
ALL_DAY, ONE_DAYPART = 2.0, 5.0  # repeat audience over rating, cume unknown
_SPREAD, _EASE = 2.8, 0.9
_WEEK, _RETURN = (0.47, 0.64, 0.78), (0.64, 0.78, 0.88)


def rotation_repeat(rating: float, cume: float | None, times: float = ALL_DAY) -> float:
    """Repeat audience of airtime. rating: of one spot, of the universe. cume: in four weeks; None: `times` the rating.

    >>> round(rotation_repeat(0.02, 0.53), 4), rotation_repeat(0.02, None), rotation_repeat(0.02, None, ONE_DAYPART)
    (0.0877, 0.04, 0.1)
    """
    if cume is None:
        return min(times * rating, MOST)
    return float(np.clip(rating * (_SPREAD / cume - _EASE), 0.0, _BELOW_ONE))


def least_cume(rating: float) -> float:
    """The cume that a line of this rating must exceed.

    >>> round(least_cume(0.05), 4)
    0.134
    """
    return _SPREAD * rating / (1 + _EASE * rating)


def poster_repeat(rating: float) -> float:
    """Repeat audience of a poster week, from the share of people that it reaches.

    >>> poster_repeat(0.47), round(poster_repeat(0.555), 3), poster_repeat(0.9)
    (0.64, 0.71, 0.88)
    """
    return float(np.interp(rating, _WEEK, _RETURN))
