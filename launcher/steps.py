"""How the launcher works: it says what it does, words what goes wrong, and never leaves anything half-made."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

LAST_WORDS = 300  # letters of a failed program's output that a message quotes


class Trouble(Exception):
    """What keeps a command from its work: one sentence, what is wrong: what to do. `cli.main` prints it."""


def say(text):
    """Print one line at once, so that two steps at work never mix their letters."""
    sys.stdout.write(text + '\n')
    sys.stdout.flush()


def clock(seconds):
    """Return a duration as people read it."""
    return f'{seconds:.0f} s' if seconds < 100 else f'{int(seconds) // 60} min {int(seconds) % 60:02d} s'


@contextlib.contextmanager
def step(title):
    """Say what begins and, once it is done, how long it took."""
    say(f'- {title} …')
    started = time.monotonic()
    yield
    say(f'  {title}: done in {clock(time.monotonic() - started)}')


class Progress:
    """A line now and then about how far a long step got: often for people at a terminal, rarely for a log."""

    def __init__(self):
        self.interval = 5 if sys.stdout.isatty() else 20
        self.started = self.told = time.monotonic()

    def tell(self, text):
        now = time.monotonic()
        if text and now - self.told >= self.interval:
            self.told = now
            say(f'  … {text}, {clock(now - self.started)}')


@contextlib.contextmanager
def building(target):
    """Give an empty folder that becomes `target` only if the block ends well; a killed run leaves a `.part`."""
    part = target.with_name(target.name + '.part')
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    yield part
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)


def is_stamped(target, key):
    """Tell whether `target` was finished, and made from what `key` names."""
    stamp = target / '.k20-stamp'
    return stamp.is_file() and stamp.read_text('utf-8') == key


def stamp(target, key):
    """Mark `target` as finished; always the last thing done to it."""
    part = target / '.k20-stamp.part'
    part.write_text(key, 'utf-8')
    part.rename(target / '.k20-stamp')


_held = {}  # path of a lock that this process holds -> its file descriptor


@contextlib.contextmanager
def locked(path, waiting="Another ./k20 is at work here: waiting for it"):
    """Let one process at a time into the block.

    The programs that `call` starts hold the lock too, so what a killed run left working is awaited, not disturbed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f'- {waiting} …')
            fcntl.flock(file, fcntl.LOCK_EX)
        _held[path] = file.fileno()
        try:
            yield
        finally:
            del _held[path]


def call(command, trouble, **options):
    """Run a program and return what it printed.

    :param trouble: the sentence to raise, as Trouble, when it fails; the program's last words are added
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding='utf-8',
            errors='replace',
            pass_fds=tuple(_held.values()),
            **options,
        )
    except FileNotFoundError:
        raise Trouble(f"The program {Path(command[0]).name} is missing: install it and run again.") from None
    if done.returncode:
        raise Trouble(f"{trouble} ({last_words(done.stdout)})")
    return done.stdout


def last_words(output):
    """Return the lines of `output` that tell why a program failed, made one short line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(('e:', 'error', 'fatal', 'initdb: error'))]
    return ' '.join((errors or lines or ["it said nothing"])[-2:])[-LAST_WORDS:]


def together(*tasks):
    """Do all `tasks` at the same time; raise what the first of them raised, once all have ended."""
    failures = []

    def run(task):
        try:
            task()
        except BaseException as failure:  # noqa: BLE001 (handed on below, in the caller's thread)
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def need_room(folder, gigabytes):
    """Raise Trouble where the disk under `folder` has less than `gigabytes` free."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Trouble(
            f"{folder} has {free:.1f} GB of disk left and K20 needs {gigabytes:.1f} GB: "
            "free some, or name a roomier place in K20_HOME."
        )


def is_root():
    return os.geteuid() == 0
