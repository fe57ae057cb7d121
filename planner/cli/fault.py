"""A fault of the program: one line for the planner, the details for whoever mends it."""

import tempfile
import traceback


def fault_text(error: Exception) -> str:
    """What to say of an error that nobody foresaw. Its traceback is kept in a file of the temporary folder."""
    said = "This is a fault of the program, not of your campaign"
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="planner-fault-", suffix=".txt", delete=False
        ) as kept:
            kept.writelines(traceback.format_exception(error))
    except OSError:
        return f"{said}: {type(error).__name__}: {error}"
    return f"{said}; please report it with the details in {kept.name}"
