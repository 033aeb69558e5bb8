"""Compare wit/*/deps with a registry's copy: `python -m scripts.check_wit [FOLDER]`.

It needs npm and no Python package. It ends with 1 when a declaration differs, with the
diff; when a package is missing on either side; and when the copy cannot be had.
"""

import difflib
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "@bytecodealliance/jco@1.35.0"
SHA512 = (
    "3b9ddc588326fccd52a702f129189cbc03039f359fe335ace88eaa1592066e7d"
    "c7528bc330209ef5b9641b1c58bb2a1c1e355ffdc5e036694cbbfc7b4f28bbec"
)
"""Of the package's file: that its text cannot change unseen."""
NPM_SECONDS = 120.0
WIT_FOLDER = Path(__file__).parent.parent / "wit"

Declarations = dict[str, str]
"""The text of each package.wit, by its folder's name: `wasi-http`."""


class CheckError(Exception):
    """The comparison could not be made; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One folder of wit/, its WASI version, and the version to compare it with."""

    folder: str
    ours: str
    theirs: str

    def as_ours(self, text: str) -> str:
        """Return the registry's text with our version in place of its own."""
        return re.sub(rf"\b{re.escape(self.theirs)}\b", self.ours, text)


# componentize-py's libc imports WASI 0.2.9, and a component cannot have two versions of
# a resource. The package holds 0.2.12, which has the same declarations.
EDITIONS = (
    Edition("0.2", ours="0.2.9", theirs="0.2.12"),
    Edition("0.3", ours="0.3.0", theirs="0.3.0"),
)


def main() -> int:
    """Compare every edition; return the exit status."""
    wit = Path(sys.argv[1]) if len(sys.argv) > 1 else WIT_FOLDER
    try:
        with tempfile.TemporaryDirectory() as folder:
            archive = _download(Path(folder))
            same = [_check(edition, wit, archive) for edition in EDITIONS]
    except CheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(same) else 1


def compare(ours: Declarations, theirs: Declarations, edition: Edition) -> list[str]:
    """Return the differences as lines to print; none if the packages are the same."""
    lines = []
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours:
            lines.append(f"missing: wit/{edition.folder}/deps/{name}, in {PACKAGE}")
        elif name not in theirs:
            lines.append(f"missing: {name} {edition.theirs} in {PACKAGE}")
        else:
            lines += _diff(ours[name], edition.as_ours(theirs[name]), name, edition)
    return lines


def _check(edition: Edition, wit: Path, archive: Path) -> bool:
    ours = _read_folder(wit / edition.folder / "deps")
    differences = compare(ours, _read_archive(archive, edition), edition)
    for line in differences:
        print(line, file=sys.stderr)
    if not differences:
        for name in sorted(ours):
            print(f"ok {name} {edition.ours} is {edition.theirs} of {PACKAGE}")
    return not differences


def _diff(ours: str, theirs: str, name: str, edition: Edition) -> Iterator[str]:
    return difflib.unified_diff(
        theirs.splitlines(),
        ours.splitlines(),
        f"{PACKAGE} {name} {edition.theirs}, as {edition.ours}",
        f"wit/{edition.folder}/deps/{name}/package.wit",
        lineterm="",
    )


def _read_folder(deps: Path) -> Declarations:
    return {
        path.parent.name: path.read_text(encoding="utf-8")
        for path in deps.glob("*/package.wit")
    }


def _read_archive(archive: Path, edition: Edition) -> Declarations:
    """Read an edition's packages. Raises `CheckError` when the file has none."""
    root = f"package/lib/wit/builtin/{re.escape(edition.theirs)}"
    path = re.compile(rf"{root}/(wasi-[^/]+)/package\.wit")
    found = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            match, file = path.fullmatch(member.name), opened.extractfile(member)
            if match and file:
                found[match[1]] = file.read().decode()
    if not found:
        raise CheckError(f"{PACKAGE} holds no declarations of WASI {edition.theirs}.")
    return found


def _download(folder: Path) -> Path:
    """Get the package's file with npm. Raises `CheckError`."""
    npm = shutil.which("npm")
    if npm is None:
        raise CheckError("npm is missing: install Node.js, which brings it.")
    command = [npm, "pack", "--loglevel=error", "--ignore-scripts", PACKAGE]
    try:
        subprocess.run(
            command,
            cwd=folder,
            check=True,
            timeout=NPM_SECONDS,
            stdout=subprocess.DEVNULL,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise CheckError(f"npm could not get {PACKAGE}: {error}") from error
    archive = next(folder.glob("*.tgz"), None)
    if archive is None:
        raise CheckError(f"npm pack {PACKAGE} left no file.")
    if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
        raise CheckError(f"{PACKAGE} is not the file it was: its sha512 differs.")
    return archive


if __name__ == "__main__":
    sys.exit(main())
