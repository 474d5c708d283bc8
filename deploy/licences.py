"""Writes the licence of every library in an SBOM, and fails where somebody must look at one.

    python deploy/licences.py var/sbom/sbom.json

The portal is under the EUPL 1.2; these licences let its libraries be distributed with it.
"""

import json
import re
import sys
from pathlib import Path

# Words of which a licence may consist, as SPDX or the classifiers of PyPI write them.
ACCEPTED = re.compile(
    r"MIT(-0|-CMU)?|0BSD|BSD(-[23]-Clause)?|ISC|Apache(-2\.0)?|MPL-2\.0|HPND|Unlicense|CC0-1\.0|"
    r"PSF-2\.0|Python-2\.0|LGPL-3\.0(-only|-or-later)?|Zlib"
)
# A licence that the package names in other words, with the place where it stands.
KNOWN = {
    "pyrage": "MIT (its file LICENSE)",
    "uritemplate": "BSD-3-Clause OR Apache-2.0 (its file LICENSE)",
}


def licence_of(component: dict) -> str:
    """In one text, as the package declares it."""
    names = []
    for entry in component.get("licenses", []):
        licence = entry.get("license", {})
        name = entry.get("expression") or licence.get("id") or licence.get("name", "")
        names.append(name.removeprefix("License :: OSI Approved").removeprefix(" :: "))
    return " / ".join(sorted(filter(None, names)))


def is_accepted(licence: str) -> bool:
    """Whether one of the alternatives, or all parts of a sum, are on the list."""
    alternatives = re.split(r" OR | / ", licence)
    return any(_is_sum_accepted(text) for text in alternatives)


def _is_sum_accepted(text: str) -> bool:
    parts = text.strip("() ").split(" AND ")
    words = [part.removesuffix(" License").removesuffix(" Software") for part in parts]
    return all(ACCEPTED.fullmatch(word.strip("() ")) for word in words)


def main(path: Path) -> int:
    components = json.loads(path.read_text(encoding="utf-8"))["components"]
    strange = 0
    for component in sorted(components, key=lambda each: each["name"].lower()):
        name = component["name"]
        licence = licence_of(component) or KNOWN.get(name, "")
        mark = "" if is_accepted(licence) or name in KNOWN else "  <- look at this one"
        strange += bool(mark)
        sys.stdout.write(f"{name} {component['version']}: {licence or 'not declared'}{mark}\n")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
