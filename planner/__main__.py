"""python -m planner: the same as the command `planner`, where the folder of commands is not on the path."""

from planner.cli.start import main

if __name__ == "__main__":
    main()
