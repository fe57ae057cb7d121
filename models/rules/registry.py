"""The families of rules. A new one touches its own file, this list, the workbook's schema and a test."""

from models.rules.appearances import Appearances
from models.rules.availability import Availability
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.contact_goal import ContactGoal
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.smallest_buy import SmallestBuy
from models.rules.something_bought import SomethingBought
from models.rules.titles_per_group import TitlesPerGroup
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_limit import WeekLimit
from models.rules.week_lock import WeekLock

FAMILIES = (
    Budget,
    VehicleLimit,
    SmallestBuy,
    GroupLimit,
    Ratio,
    BoughtCount,
    TitlesPerGroup,
    FixedCost,
    PackageOffer,
    VolumeDiscount,
    Availability,
    Appearances,
    WeekLimit,
    WeekLock,
    ContactGoal,
    SomethingBought,
)
