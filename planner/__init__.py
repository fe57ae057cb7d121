"""The application."""

__version__ = "0.2.0"
