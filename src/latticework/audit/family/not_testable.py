"""What no test can reach says why, and what would be needed."""

from typing import Literal

from latticework.audit.base import AbstractTest, Found, MissingEvidenceError
from latticework.audit.evidence import Evidence
from latticework.scenario.fields import Words


class NotTestable(AbstractTest):
    """A claim, or a part of one, that the open data at hand cannot decide."""

    test: Literal["not_testable"]
    because: Words
    needed: Words

    def found(self, evidence: Evidence) -> Found:
        """Nothing, with the reason."""
        raise MissingEvidenceError(f"{self.because.rstrip('.')}. It would need: {self.needed.rstrip('.')}.")
