"""``python -m bot`` and the command ``greenroom``."""

from bot.cli import app


def main() -> None:
    """Run the command line."""
    app(prog_name="greenroom")


if __name__ == "__main__":
    main()
