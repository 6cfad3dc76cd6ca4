"""``greenroom sdk`` as it is typed: what it says where npm cannot help."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.sdk import SDKS
from bot.settings import Settings

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]


def typed(*words: str, path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command with nothing to be found on the machine but what is in ``path``."""
    environment = {"PATH": str(path), "PYTHONPATH": str(ROOT), "HOME": str(path), "COLUMNS": "400", **environ}
    command = [sys.executable, "-m", "bot", "sdk", *words]
    return subprocess.run(command, env=environment, cwd=path, capture_output=True, text=True, timeout=25, check=False)


def npm(path: Path, script: str) -> None:
    place = path / "npm"
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def test_without_npm_it_says_how_to_do_without(tmp_path: Path) -> None:
    done = typed("install", path=tmp_path)

    assert done.returncode == 1
    assert "npm is not on this machine" in done.stderr
    assert "`npm pack @cloudflare/realtimekit@2.0.2` are taken with --from DIRECTORY" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_npm_complains_of_is_passed_on(tmp_path: Path) -> None:
    npm(tmp_path, "echo 'no such package' >&2; exit 1")

    done = typed("install", path=tmp_path)

    assert done.returncode == 1
    assert "npm could not bring @cloudflare/realtimekit@2.0.2: no such package" in done.stderr


def test_npm_is_asked_for_exact_versions_and_to_run_nothing(tmp_path: Path) -> None:
    npm(tmp_path, f'echo "$@" >> {tmp_path}/asked; exit 0')

    done = typed("install", "--provider", "dyte", "--into", "sdk", path=tmp_path)

    asked = (tmp_path / "asked").read_text()
    assert asked.startswith("pack --ignore-scripts --silent --pack-destination=")
    assert asked.strip().endswith("@dytesdk/web-core@3.1.11")
    assert done.returncode == 1
    assert "dytesdk-web-core-3.1.11.tgz cannot be read" in done.stderr
    assert not (tmp_path / "sdk").exists()


def test_a_package_that_somebody_changed_is_refused(tmp_path: Path) -> None:
    archive = SDKS["dyte"].core.archive
    (tmp_path / archive.filename).write_bytes(b"something else")

    done = typed("install", "--provider", "dyte", "--from", str(tmp_path), "--into", "sdk", path=tmp_path)

    assert done.returncode == 1
    assert f"is not {archive.wanted} as it was published" in done.stderr
    assert not (tmp_path / "sdk").exists()


def test_it_names_the_packages_for_whoever_fetches_them_elsewhere(tmp_path: Path) -> None:
    done = typed("packages", path=tmp_path)

    assert done.stdout.split() == [
        "@cloudflare/realtimekit@2.0.2",
        "@cloudflare/realtimekit-ui@2.0.2",
        "@dytesdk/web-core@3.1.11",
        "@dytesdk/ui-kit@3.0.8",
    ]


def test_the_image_is_built_with_these_packages() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    for sdk in SDKS.values():
        for part in sdk.parts:
            assert f" {part.archive.wanted}" in dockerfile


def test_the_directory_comes_from_the_settings_and_needs_no_other_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SDK_DIR", raising=False)
    assert Settings.sdk_directory().parts[-2:] == ("greenroom", "sdk")

    (tmp_path / ".env").write_text("SDK_DIR=/from/the/file\n")
    assert Settings.sdk_directory() == Path("/from/the/file")

    monkeypatch.setenv("SDK_DIR", "/from/the/environment")
    assert Settings.sdk_directory() == Path("/from/the/environment")
