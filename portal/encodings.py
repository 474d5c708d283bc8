"""Which encoding of an answer a browser takes (RFC 9110, 12.5.3)."""

import re

GZIP = "gzip"
_WEIGHT = re.compile(r"q=(0|1|0?\.\d{1,3}|0\.|1\.0{0,3})")


def takes_gzip(header: str) -> bool:
    """Whether `Accept-Encoding` names gzip, or everything, with a weight above zero.

    A weight of zero refuses; "gzip" counts before "*". What cannot be read refuses.
    """
    weights = {}
    for entry in header.lower().split(","):
        name, _semicolon, parameter = entry.partition(";")
        weights[name.strip()] = _weight(parameter.strip())
    return weights.get(GZIP, weights.get("*", 0.0)) > 0


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    match = _WEIGHT.fullmatch(parameter.replace(" ", ""))
    return float(match[1]) if match else 0.0
