"""A fault of the program: one line for the planner, the details for whoever mends it."""

import tempfile
import traceback


def fault_text(error: Exception) -> str:
    """What to say of an error that nobody foresaw. Where it arose is kept in a file of the temporary folder: lines of
    the program alone, for the words of an error may hold what stands in a planner's cells."""
    said = f"This is a fault of the program, not of your campaign ({type(error).__name__})"
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="planner-fault-", suffix=".txt", delete=False
        ) as kept:
            kept.write(where(error))
    except OSError:
        return f"{said}; please report it, with what you did."
    return f"{said}; please report it with {kept.name}, which holds nothing of your workbook, then delete that file."


def where(error: BaseException) -> str:
    """The kind of an error and of those behind it, and the lines of the program that it passed."""
    lines = []
    behind: BaseException | None = error
    while behind is not None:
        lines += [f"{type(behind).__module__}.{type(behind).__name__}"]
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(behind.__traceback__)
        ]
        behind = behind.__cause__ or behind.__context__
    return "\n".join(lines) + "\n"
