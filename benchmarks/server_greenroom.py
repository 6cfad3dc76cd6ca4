"""The whole bot as a server under test; its settings are in the environment, ``acknowledging`` stops its worker."""

import os
import sys
from urllib.parse import urlsplit

from benchmarks.serving import listening, run
from bot.bootstrap import running
from bot.collector import settle
from bot.log import configure
from bot.settings import Settings


async def greenroom(*, carries_out: bool) -> None:
    """Run the whole bot as its command line does; its worker may be stopped, as if another replica did the work."""
    settings = Settings.load(os.environ)
    configure(settings.log_level, settings.log_format, settings.secrets())
    async with running(settings) as bot:
        if not carries_out:
            await bot.services.work.close()
            await bot.services.work.open()
        settle()
        await listening(urlsplit(bot.url).port or 0)


if __name__ == "__main__":
    run(greenroom(carries_out="acknowledging" not in sys.argv))
