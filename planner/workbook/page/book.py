"""How every workbook that the program writes is opened."""

from datetime import date

# A planner's text is text, whatever it starts with; a nan in a cell is our fault and must be heard of.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "nan_inf_to_errors": False}  # fmt: skip
EPOCH = date(
    2000, 1, 1
)  # stands for the date of creation of a campaign without a start: same input, same bytes
