"""Checks of the locked dependencies: the licence of each, and the advisories that are known against them.

python .ci/dependencies.py licences          each package of the locks stands in licences.txt, and no other
python .ci/dependencies.py audit FILE        reads what `pip-audit -f json` printed, and says what it could not know
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

HERE = Path(__file__).parent
PERMITTED = {
    "Apache-2.0",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT-0",
    "MIT OR Apache-2.0",
    "MPL-2.0",
    "PSF-2.0",
}
"""Licences that a program under MIT may be used with; a new one is a decision."""


def main(arguments: list[str]) -> int:
    """Run one check; 1 where something is wrong."""
    match arguments:
        case ["licences"]:
            return licences()
        case ["audit", file]:
            return audit(Path(file))
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def locked() -> set[str]:
    """Names of the packages in all locks."""
    locks = sorted(HERE.glob("lock-*.txt"))
    return {name for lock in locks for name in re.findall(r"^([a-z0-9-]+)==", lock.read_text(), re.MULTILINE)}


def licences() -> int:
    """Compare the locks with what is written down."""
    lines = [line.split(maxsplit=1) for line in (HERE / "licences.txt").read_text().splitlines()]
    written = {name: licence.strip() for name, licence in lines}
    wrong = [
        f"{name}: no licence is written down; its metadata says: {_told(name)}" for name in locked() - set(written)
    ]
    wrong += [f"{name}: not among the dependencies any more" for name in set(written) - locked()]
    wrong += [f"{name}: {licence} is not permitted" for name, licence in written.items() if licence not in PERMITTED]
    print("\n".join(sorted(wrong)) or f"Licences of {len(written)} dependencies are written down.")
    return 1 if wrong else 0


def _told(name: str) -> str:
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return "nothing, it is not installed here"
    kinds = [kind for kind in facts.get_all("Classifier") or [] if kind.startswith("License")]
    return str(facts.get("License-Expression") or "; ".join(kinds) or facts.get("License") or "nothing")


def audit(file: Path) -> int:
    """Say what is known against the dependencies, and of how many nothing could be learned."""
    told = file.read_text()
    if not told:
        print("No advisories can be had here: pip-audit reached none.")
        return 0
    found = json.loads(told)["dependencies"]
    unknown = [one["name"] for one in found if "skip_reason" in one]
    known = [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in found
        for flaw in one.get("vulns", [])
    ]
    print("\n".join(known) or f"No advisory is known against {len(found) - len(unknown)} of {len(found)} dependencies.")
    if unknown:
        print(f"Not checked, because no advisories can be had for them here: {len(unknown)} of {len(found)}.")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
