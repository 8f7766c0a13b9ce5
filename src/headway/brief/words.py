"""What a reader sees of a finding besides its sentence: title, number with interval, likelihood, tier."""

from __future__ import annotations

from headway.core import wording
from headway.findings import Finding, FindingTier

TIERS: dict[FindingTier, tuple[str, str]] = {
    FindingTier.OBSERVED: ("●", "a publisher’s figure as it stands"),
    FindingTier.DERIVED: ("◐", "arithmetic on publishers’ figures"),
    FindingTier.MODELLED: ("○", "drawn from the fitted model"),
    FindingTier.SCENARIO: ("◇", "depends on a choice of the reader"),
}
"""Mark and meaning of each tier, as legends print them."""


def title(finding: Finding) -> str:
    """A short label: the finding's own, else its quantity."""
    text = str(finding.details.get("title") or finding.quantity.replace("_", " "))
    return text[:1].upper() + text[1:]


def number(finding: Finding) -> str:
    """The number with its unit, `19 months`; empty where the finding has none."""
    if finding.value is None or isinstance(finding.value, str):
        return finding.value or ""
    return wording.amount(finding.value, finding.unit, finding.low, finding.high)


def interval(finding: Finding) -> str:
    """`90% interval: 14–25 months`; empty where there is none."""
    if finding.low is None or finding.high is None or finding.level is None:
        return ""
    return f"{100 * finding.level:g}% interval: {wording.interval(finding.low, finding.high, finding.unit)}"


def likelihood(finding: Finding) -> str:
    """The word of the stated scale for a probability; empty for anything else."""
    if finding.unit != "probability" or not isinstance(finding.value, float | int):
        return ""
    return wording.likelihood(float(finding.value))


def spoken(finding: Finding, *, short: bool = False) -> str:
    """The sentence, with the word for a probability where it does not say it itself."""
    sentence = wording.sentence(str(finding.details.get("terminal") or finding.sentence) if short else finding.sentence)
    word = likelihood(finding)
    if not word or word in sentence:
        return sentence
    return f"{sentence.rstrip().removesuffix('.')} ({word})."


def coverage(finding: Finding) -> str:
    """What is known of how often such intervals held."""
    return str(finding.details.get("coverage") or "")
