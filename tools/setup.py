"""Make the virtual environment and install the pinned parts: `python3 tools/setup.py [--dev]`.

Runs on the machine's own Python, before anything is installed, so it uses the standard library
alone. Does nothing when the lock file, the Python and the folder are those of the last time.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
OLDEST = (3, 11)

NO_VENV = """\
This Python cannot make virtual environments: {python}
  Debian, Ubuntu:  apt install python3-venv     (then run the same command again)
  elsewhere:       point PYTHON at another one, as in  make demo PYTHON=/path/to/python3"""


def main() -> int:
    """Set up; exit code 0 when the environment is ready."""
    parser = argparse.ArgumentParser(description="Make .venv and install the pinned parts.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    options = parser.parse_args()
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"Pifa needs Python 3.11 or newer; {sys.executable} is {found}.", file=sys.stderr)
        print("Point PYTHON at a newer one: make demo PYTHON=/path/to/python3", file=sys.stderr)
        return 1
    kinds = ["runtime", "dev"] if options.dev else ["runtime"]
    lock = ROOT / "requirements" / f"{kinds[-1]}.txt"
    wanted = _fingerprint(lock)
    # What `dev` installed serves `runtime` too: its lock is made within the runtime's.
    stamps = [VENV / f"{kind}.stamp" for kind in ("runtime", "dev")]
    stamp = VENV / f"{kinds[-1]}.stamp"
    if not (_read(stamp) == wanted and (BIN / "pifa").exists()):
        try:
            _make_environment()
            print(f"Installing the parts pinned in {lock.relative_to(ROOT)} …", flush=True)
            _install(lock)
        except _Unable as problem:
            print(problem, file=sys.stderr)
            return 1
        for old in stamps:
            old.unlink(missing_ok=True)
        for kind in kinds:
            done = ROOT / "requirements" / f"{kind}.txt"
            (VENV / f"{kind}.stamp").write_text(_fingerprint(done), encoding="utf-8")
    subprocess.run([_python(), str(ROOT / "tools" / "translations.py"), "--compile"], check=True)
    return 0


class _Unable(Exception):
    """Something that only a person can put right."""


def _fingerprint(lock: Path) -> str:
    import tomllib  # here: an older Python must get as far as the message about its age

    digest = hashlib.sha256()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for part in (lock.read_bytes(), repr(project).encode(), str(ROOT).encode()):
        digest.update(hashlib.sha256(part).digest())
    return f"{sys.version_info[0]}.{sys.version_info[1]} {digest.hexdigest()}\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _python() -> str:
    return str(BIN / "python")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make_environment() -> None:
    version = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if _works([_python(), "-c", version]):
        return
    print(f"Making {VENV.relative_to(ROOT)} with {sys.executable} …", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if importlib.util.find_spec("ensurepip") is None:
        # Debian ships Python without the copy of pip that new environments get; a pip of the
        # machine can install into one from outside.
        if not _works([sys.executable, "-m", "pip", "--python", sys.executable, "--version"]):
            raise _Unable(NO_VENV.format(python=sys.executable))
        command.append("--without-pip")
    if subprocess.run(command, check=False).returncode != 0:
        raise _Unable(NO_VENV.format(python=sys.executable))


def _install(lock: Path) -> None:
    pip = [_python(), "-m", "pip"]
    if not _works([*pip, "--version"]):
        pip = [sys.executable, "-m", "pip", "--python", _python()]
    # Compiled when first imported: most of what the parts bring is never.
    quiet = ["install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    for arguments in (
        ["--no-deps", "--require-hashes", "--requirement", str(lock)],
        ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ):
        if subprocess.run([*pip, *quiet, *arguments], check=False).returncode != 0:
            raise _Unable(f"pip could not install {arguments[-1]}; its words stand above.")


if __name__ == "__main__":
    sys.exit(main())
