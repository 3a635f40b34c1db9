"""Decides what `./truelift` promises: it installs once, without questions, or names the one command to ask for."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (
    "run serve work import inspect read quarantine versions undo redo go template experiment plan calendar compare "
    "answer table report verify editions schedule simulate test check golden bench docs help"
).split()
PAPER = "chromium fontconfig fonts-inter fonts-noto-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0"
PINS = ("requirements.txt", "tests/requirements.txt")

# The real tools that the script and the stubs use; everything else on the machine's path is hidden from them.
TOOLS = "cat chmod cksum cp dirname grep mkdir readlink rm sed sleep".split()

# Stands for every interpreter: it makes an environment by copying itself, and writes down what pip was asked.
PYTHON = """#!/bin/sh
case "$*" in
    *'version_info <'*) exit 0 ;;
    *'import ensurepip'*) exit "$NO_ENSUREPIP" ;;
    *'print('*) echo python3.12-venv ;;
    *'-m venv --clear .venv') mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *'import pip') ;;
    *'-m pip install'*) echo "pip $*" >>"$LOG" ;;
    *'-m reports work') echo $$ >"$LOG.worker"; exec sleep 60 ;;
    *'-m data sample') echo "sample into $TRUELIFT_DATA_DIR" >>"$LOG" ;;
    *refuse) echo "dashboard of $TRUELIFT_DATA_DIR" >>"$LOG"; exit 3 ;;
    */app.py) echo $$ >"$LOG.app"; exec sleep 60 ;;
    *) echo "in $PWD: $*" ;;
esac
"""
APT_GET = """#!/bin/sh
echo "apt-get $DEBIAN_FRONTEND $*" >>"$LOG"
case "$*" in *--simulate*) exit "$NO_LISTS" ;; esac
"""


def script(path: Path, text: str) -> None:
    """Write an executable file."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@dataclass(frozen=True)
class Machine:
    """A machine of stubs: a copy of the script in `project` and a path that holds only what we put there."""

    project: Path
    path: Path
    log: Path

    def environment(self, **changes: str) -> dict[str, str]:
        """A machine that lacks every package and whose Python can make environments, but for `changes`."""
        return {"PATH": str(self.path), "LOG": str(self.log), "NO_ENSUREPIP": "0", "NO_LISTS": "0", **changes}

    def start(self, *words: str, cwd: Path | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run the script to its end."""
        command = [str(self.project / "truelift"), *words]
        return subprocess.run(
            command,
            cwd=cwd or self.project,
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What was installed since the last look."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Root's machine without any of our packages; the project's path holds a space."""
    made = Machine(tmp_path / "true lift", tmp_path / "bin", tmp_path / "log")
    (made.project / "tests").mkdir(parents=True)
    for name in ("truelift", *PINS):
        shutil.copy(ROOT / name, made.project / name)
    made.path.mkdir()
    for tool in TOOLS:
        (made.path / tool).symlink_to(str(shutil.which(tool)))
    script(made.path / "python3", PYTHON)
    script(made.path / "apt-get", APT_GET)
    script(made.path / "dpkg-query", "#!/bin/sh\nexit 1\n")
    script(made.path / "id", "#!/bin/sh\necho 0\n")
    return made


def user(machine: Machine) -> None:
    """From now on the script is started by somebody who isn't root."""
    script(machine.path / "id", "#!/bin/sh\necho 1000\n")


def test_the_script_is_plain_shell() -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "truelift")], check=False).returncode == 0


def test_help_lists_every_command(machine: Machine) -> None:
    said = machine.start("help").stdout
    assert re.findall(r"^  (\w+)", said, re.M) == COMMANDS
    assert machine.start().stdout == said


def test_every_command_is_known(machine: Machine) -> None:
    labels = re.findall(r"^    (\w+(?: \| [^)]*)?)\)", (ROOT / "truelift").read_text(encoding="utf-8"), re.M)
    named = [name for label in labels for name in label.split(" | ") if not name.startswith("-")]
    assert named == COMMANDS


def test_an_unknown_command_fails_with_a_sentence(machine: Machine) -> None:
    ended = machine.start("rnu")
    assert ended.returncode == 2
    assert ended.stderr == 'truelift: there is no command "rnu". ./truelift help lists them.\n'


@pytest.mark.parametrize(
    ("command", "no_ensurepip", "packages"),
    [
        ("run", "1", f"{PAPER} python3.12-venv"),
        ("run", "0", PAPER),
        ("test", "0", f"{PAPER} libatomic1 poppler-utils"),
        ("import", "1", "python3.12-venv"),
    ],
)
def test_without_root_it_names_the_one_command(
    machine: Machine, command: str, no_ensurepip: str, packages: str
) -> None:
    user(machine)
    ended = machine.start(command, NO_ENSUREPIP=no_ensurepip)
    assert ended.returncode == 1
    assert f"\n    apt-get update && apt-get install --yes --no-install-recommends {packages}\n" in ended.stderr
    assert machine.done() == []


def test_without_root_it_goes_on_when_nothing_is_missing(machine: Machine) -> None:
    user(machine)
    script(machine.path / "dpkg-query", "#!/bin/sh\necho installed\n")
    assert machine.start("report", "build").stdout == f"in {machine.project}: -m reports build\n"


def test_a_removed_package_counts_as_missing(machine: Machine) -> None:
    user(machine)
    script(machine.path / "dpkg-query", "#!/bin/sh\necho config-files\n")
    assert machine.start("report").returncode == 1


@pytest.mark.parametrize(("no_lists", "updates"), [("0", 0), ("100", 1)])
def test_root_installs_without_questions(machine: Machine, no_lists: str, updates: int) -> None:
    ended = machine.start("report", "build", NO_LISTS=no_lists)
    done = machine.done()
    assert ended.stdout == f"in {machine.project}: -m reports build\n"
    assert all("apt-get noninteractive -qq --yes" in line for line in done[:-1])
    assert [line.endswith(" update") for line in done].count(True) == updates
    assert done[-2].endswith(f"install {PAPER}")
    assert done[-1].endswith("-r requirements.txt")


def test_a_second_start_installs_nothing(machine: Machine) -> None:
    machine.start("test")
    assert machine.done() != []
    assert machine.start("test").stderr == ""
    assert machine.start("report").stderr == ""  # what the tests need holds what a report needs
    assert machine.start("table").stderr == ""
    assert machine.done() == []


def test_a_changed_pin_is_installed(machine: Machine) -> None:
    for name in PINS:
        machine.start("test")
        machine.done()
        with (machine.project / name).open("a", encoding="utf-8") as pins:
            pins.write("six==1.17.0\n")
        machine.start("test")
        assert machine.done()[-1].endswith("-r requirements.txt -r tests/requirements.txt")


def test_going_back_to_older_pins_installs_them_again(machine: Machine) -> None:
    older = (machine.project / PINS[0]).read_text(encoding="utf-8")
    machine.start("test")
    (machine.project / PINS[0]).write_text(f"{older}six==1.17.0\n", encoding="utf-8")
    machine.start("import")
    (machine.project / PINS[0]).write_text(older, encoding="utf-8")
    machine.done()
    machine.start("test")
    assert machine.done()[-1].endswith("-r requirements.txt -r tests/requirements.txt")


def test_a_failed_install_is_tried_again(machine: Machine) -> None:
    script(machine.path / "python3", PYTHON.replace('echo "pip $*" >>"$LOG"', "exit 1"))
    assert machine.start("import").returncode == 1
    script(machine.project / ".venv/bin/python", PYTHON)
    assert machine.start("import").returncode == 0
    assert machine.done()[-1].startswith("pip ")


def test_it_works_through_a_link_in_the_callers_folder(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "tl").symlink_to(machine.project / "truelift")
    command = [str(tmp_path / "elsewhere" / "tl"), "import", "my posts.csv"]
    said = subprocess.check_output(
        command, cwd=tmp_path, env=machine.environment(), text=True, stderr=subprocess.DEVNULL
    )
    assert said == f"in {tmp_path}: -m data import my posts.csv\n"
    assert (machine.project / ".venv/brought-up").exists()


def test_a_system_package_that_came_to_the_list_is_installed(machine: Machine) -> None:
    machine.start("report")
    machine.done()
    door = machine.project / "truelift"
    script(door, door.read_text(encoding="utf-8").replace("chromium fontconfig", "chromium figlet fontconfig"))
    machine.start("report")
    assert " figlet " in machine.done()[0]


def pid_in(path: Path) -> int:
    """The process id that a stub wrote down; waits for it, ten seconds at most."""
    for _ in range(1000):
        if path.exists() and path.read_text(encoding="utf-8").strip():
            return int(path.read_text(encoding="utf-8"))
        time.sleep(0.01)
    raise AssertionError(f"{path.name} was never written")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ending_it_ends_the_dashboard_and_the_worker(machine: Machine, sent: signal.Signals) -> None:
    # Whoever starts the tests in the background may have these signals ignored; a shell could not hear them then.
    command = [str(shutil.which("env")), "--default-signal", str(machine.project / "truelift"), "run"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=machine.environment(), **quiet) as door:
        pids = [pid_in(machine.log.with_suffix(name)) for name in (".worker", ".app")]
        door.send_signal(sent)
        assert door.wait(timeout=10) == 128 + sent
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("words", [["--data", "my data"], ["--data=my data"]])
def test_sample_dashboard_and_worker_mean_the_same_folder(machine: Machine, words: list[str]) -> None:
    ended = machine.start("run", *words, "--refuse", TRUELIFT_DATA_DIR="elsewhere")
    assert ended.returncode == 3
    assert machine.done()[-2:] == ["sample into my data", "dashboard of my data"]


@pytest.mark.parametrize("name", PINS)
def test_every_pin_is_exact_and_stands_once(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    pins = [line for line in lines if line]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+(; python_version < \"3\.\d+\")?", line)] == []
    assert len({line.split("==")[0].lower() for line in pins}) == len(pins)
