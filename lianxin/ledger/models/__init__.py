"""What is on record: events, their Merkle tree, files, and how what is kept is found again."""

from lianxin.ledger.models.attachment import Attachment
from lianxin.ledger.models.event import Event
from lianxin.ledger.models.grams import GramsField
from lianxin.ledger.models.seal import Node, Seal, Verification
from lianxin.ledger.models.sentence import Sentence, prefetched

__all__ = ["Attachment", "Event", "GramsField", "Node", "Seal", "Sentence", "Verification", "prefetched"]
