"""The command line: serve, playground, doctor, webhooks, sdk, manifest."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

from bot import __version__
from bot.bootstrap import running
from bot.cli_sdk import BAD_SETTINGS, Service, sdk
from bot.collector import settle
from bot.doctor import examine
from bot.errors import ProviderError, SettingsError, StoreBusy
from bot.findings import Finding
from bot.locks import Locks
from bot.log import configure
from bot.manifest import as_yaml, for_deployment, load_manifest
from bot.outside import outside, own_webhook_address
from bot.ports import Provider
from bot.providers import USED_EVENTS
from bot.registration import Registration
from bot.settings import Settings
from bot.settings_checks import command
from bot.stopping import until_stopped

Result = TypeVar("Result")

app = typer.Typer(
    help="Greenroom holds video meetings from Slack, on Cloudflare RealtimeKit or Dyte v2.\n\n"
    "Settings come from the environment and from a file .env; without any, the playground shows everything.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
webhooks = typer.Typer(help="The webhook by which the video service reports to this bot.", no_args_is_help=True)
app.add_typer(webhooks, name="webhooks")
app.add_typer(sdk, name="sdk")

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Serve, unless another command is named."""
    if version:
        out.print(f"greenroom {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve() -> None:
    """Run the bot: HTTP, and Socket Mode too when SLACK_APP_TOKEN is set. This is what happens without a command."""
    settings = _settings()
    configure(settings.log_level, settings.log_format, settings.secrets())
    stop = asyncio.Event()
    _run(_serve(settings, stop), stop)


async def _serve(settings: Settings, stop: asyncio.Event) -> None:
    async with running(settings):
        settle()
        await stop.wait()


@app.command()
def playground(
    host: Annotated[str, typer.Option(help="The network interface of the page.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port of the page.")] = 3000,
    provider: Annotated[Service, typer.Option(help="Which video service to play.")] = Service.REALTIMEKIT,
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="Reach the bot by Socket Mode.")] = False,
) -> None:
    """Try the whole bot on this machine, in the browser, with no account anywhere."""
    from playground.run import run  # noqa: PLC0415 - the bot itself never needs the playground

    def ready(url: str) -> None:
        out.print(f"\n  Greenroom's playground is open: [bold]{url}[/bold]\n  Press Ctrl+C to end it.\n")

    try:
        _run(run(host=host, port=port, provider=provider.value, socket_mode=socket_mode, ready=ready))
    except OSError as trouble:
        why = os.strerror(trouble.errno) if trouble.errno else str(trouble)
        err.print(f"The playground cannot open at {host}:{port} ({why}). Choose another with --port.", markup=False)
        raise typer.Exit(1) from None


@app.command()
def doctor() -> None:
    """Check settings, Slack, the video service, webhooks, clock and Redis; exit 1 if anything would fail."""
    settings = _settings()
    configure("error", "console", settings.secrets())
    findings = _run(examine(settings))
    _table(findings or [])
    raise typer.Exit(1 if any(finding.fails for finding in findings or []) else 0)


def _table(findings: list[Finding]) -> None:
    table = Table(title="Greenroom's health", show_lines=False)
    for heading in ("What", "How", "Details"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        table.add_row(finding.what, f"[{finding.colour}]{finding.verdict}[/]", finding.details)
    out.print(table)


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Where Slack reaches this bot; leave it out for Socket Mode.")] = None,
    meet: Annotated[str, typer.Option(help="The name of the meeting command.")] = "/meet",
    record: Annotated[str, typer.Option(help="The name of the recording command.")] = "/record",
) -> None:
    """Print the app manifest to paste into Slack (api.slack.com/apps, Create New App, From a manifest)."""
    problem = _refused_by_slack(url, meet, record)
    if problem:
        err.print(problem, markup=False)
        raise typer.Exit(2)
    sys.stdout.write(as_yaml(for_deployment(load_manifest(), url=url, meet=meet, record=record)))


def _refused_by_slack(url: str | None, meet: str, record: str) -> str | None:
    if url is not None and not url.startswith("https://"):
        return "Slack only sends to addresses that begin with https://"
    for option, name in (("--meet", meet), ("--record", record)):
        try:
            command(name)
        except ValueError as reason:
            return f"{option} {reason}"
    return "--meet and --record are the same, they need two names" if meet == record else None


@webhooks.command("sync")
def webhooks_sync() -> None:
    """Have exactly one webhook of this deployment at each configured video service."""
    _run(_each_provider(_sync_one))


@webhooks.command("list")
def webhooks_list() -> None:
    """List every webhook of the account, this deployment's marked."""
    _run(_each_provider(_list_one))


@webhooks.command("remove")
def webhooks_remove() -> None:
    """Take this deployment's webhook away."""
    _run(_each_provider(_remove_one))


async def _sync_one(settings: Settings, provider: Provider, registration: Registration) -> None:
    synced = await registration.sync(provider, _address(settings, provider))
    more = f", {synced.duplicates} duplicates removed" if synced.duplicates else ""
    out.print(f"{provider.label}: {synced.what}, id {synced.webhook.id}{more}")


async def _list_one(settings: Settings, provider: Provider, registration: Registration) -> None:
    ours = await registration.registered(provider.name)
    table = Table(title=provider.label)
    for heading in ("Id", "Name", "Events", "Enabled", "This deployment's"):
        table.add_column(heading, overflow="fold")
    for webhook in await provider.list_webhooks():
        mine = (
            "yes" if webhook.id == ours or (settings.public_url and webhook.url == _address(settings, provider)) else ""
        )
        table.add_row(webhook.id, webhook.name, "\n".join(webhook.events), "yes" if webhook.enabled else "no", mine)
    out.print(table)


async def _remove_one(settings: Settings, provider: Provider, registration: Registration) -> None:
    out.print(f"{provider.label}: {await registration.remove(provider, _address(settings, provider))} removed")


def _address(settings: Settings, provider: Provider) -> str:
    if not settings.public_url:
        raise SettingsError(["PUBLIC_URL is missing: it is where the video service sends its events to"])
    return own_webhook_address(settings, provider.name)


async def _each_provider(act: Any) -> None:
    settings = _settings()
    configure("warning", "console", settings.secrets())
    async with outside(settings, share=True) as world:
        registration = Registration(world.redis, Locks(world.redis), USED_EVENTS)
        for provider in world.providers:
            await act(settings, provider, registration)


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as mistakes:
        _complain(mistakes)
        raise typer.Exit(BAD_SETTINGS) from None


def _complain(mistakes: SettingsError) -> None:
    err.print("\n[bold]Greenroom cannot start with these settings:[/bold]\n")
    for problem in mistakes.problems:
        err.print(f"  • {problem}", markup=False, highlight=False)
    err.print("\nWithout any account, [bold]greenroom playground[/bold] shows everything on this machine.\n")


def _run(work: Coroutine[Any, Any, Result], stop: asyncio.Event | None = None) -> Result | None:
    """Run until done or until told to stop; mistakes in the settings end with their own exit code."""
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(until_stopped(work, stop or asyncio.Event()))
    except SettingsError as mistakes:
        _complain(mistakes)
        raise typer.Exit(BAD_SETTINGS) from None
    except ProviderError as trouble:
        err.print(f"The video service did not do it: {trouble}", markup=False)
        raise typer.Exit(1) from None
    except (RedisError, StoreBusy) as trouble:
        err.print(f"Redis does not answer ({type(trouble).__name__}): check REDIS_URL", markup=False)
        raise typer.Exit(1) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Use uvloop where there is one: it saves 5 to 10 % of the way to an acknowledgement."""
    try:
        import uvloop  # noqa: PLC0415 - not to be had everywhere
    except ImportError:
        return None
    return uvloop.new_event_loop
