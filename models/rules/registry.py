"""The families of rules. A new one touches its own file, this list, the workbook's schema and a test."""

from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.something_bought import SomethingBought
from models.rules.vehicle_limit import VehicleLimit

FAMILIES = (Budget, VehicleLimit, GroupLimit, SomethingBought)
