"""``greenroom sdk``: the video services' programs for the browser, which the bot's own meeting page needs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.errors import InstallFailed, SettingsError
from bot.sdk import SDKS
from bot.sdk_install import install
from bot.settings import Settings

BAD_SETTINGS = 78
"""The exit code for mistakes in the settings (``EX_CONFIG`` of sysexits.h)."""

sdk = typer.Typer(
    help="The video services' programs for the browser, which the bot's own meeting page needs.", no_args_is_help=True
)
out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


class Service(StrEnum):
    """The video services."""

    REALTIMEKIT = "realtimekit"
    DYTE = "dyte"


@sdk.command("install")
def sdk_install(
    into: Annotated[Path | None, typer.Option(help="The directory to fill; SDK_DIR, if it is left out.")] = None,
    archives: Annotated[
        Path | None, typer.Option("--from", help="Take packages that `npm pack` made before from this directory.")
    ] = None,
    provider: Annotated[list[Service] | None, typer.Option(help="For this service only; may be repeated.")] = None,
) -> None:
    """Fetch them with npm, check them byte for byte, and put them where the bot serves them from."""
    try:
        directory = (into or Settings.sdk_directory()).expanduser()
        names = list(provider or Service)
        for place in install([SDKS[name] for name in names], directory, archives):
            out.print(str(place), markup=False, highlight=False)
    except InstallFailed as trouble:
        err.print(f"{trouble}.", markup=False)
        raise typer.Exit(1) from None
    except SettingsError as trouble:
        err.print(str(trouble), markup=False)
        raise typer.Exit(BAD_SETTINGS) from None


@sdk.command("packages")
def sdk_packages() -> None:
    """Print the packages that npm is asked for, with their exact versions: for whoever has to fetch them elsewhere."""
    for archive in dict.fromkeys(part.archive for each in SDKS.values() for part in each.parts):
        out.print(archive.wanted, markup=False, highlight=False)
