"""An audit holds an argument against the evidence: every claim is tested, and the verdict follows from the test."""

from latticework.audit.evidence import Evidence, Fact
from latticework.audit.future import Future
from latticework.audit.judged import Audit, audited, chosen, pairs_of
from latticework.audit.read import Known, read_claims
from latticework.audit.schema import Claim, Claims
from latticework.audit.verdict import Verdict

__all__ = [
    "Audit",
    "Claim",
    "Claims",
    "Evidence",
    "Fact",
    "Future",
    "Known",
    "Verdict",
    "audited",
    "chosen",
    "pairs_of",
    "read_claims",
]
