"""The nouns, one file each: fields, constraints, querysets. Nothing here writes or decides."""

from . import append_only, search_index
from .account import Account
from .adoption import Adoption
from .alert import Alert
from .alert_settings import AlertSettings, Snooze, Webhook
from .board_line import BoardLine
from .clock_stop import ClockStop
from .coalition_member import CoalitionMember
from .comment import Comment
from .condition import Condition
from .count import Count
from .deadline import Deadline
from .dependency import Dependency
from .dismissal import Dismissal
from .dossier import Dossier
from .draft import Draft
from .extension import Extension
from .fact import Entered, Fact, KeyedFact
from .flag import Flag
from .incident import Incident
from .incident_import import ColumnMapping, ImportedRow, IncidentImport
from .instrument import Instrument
from .invitation import Invitation
from .ledger import GLOBAL_CHAINS, PARTIES, PEOPLE, LedgerChain, LedgerEntry
from .match_dismissal import MatchDismissal
from .membership import Membership
from .message import Delivery, Message
from .move import Move
from .party import Party
from .passage import Passage
from .phase import Phase, StalePledge
from .pledge import Pledge, Reciprocation
from .position import Position
from .proposal import Proposal, ProposedStep
from .reading import Reading
from .review_task import ReviewTask
from .saved_view import SavedView
from .sent_form import SentForm
from .source import Source
from .source_file import SourceFile
from .subscription import Subscription
from .suspension import Suspension
from .sweep import SweepRun
from .term_span import TermSpan
from .trigger import Trigger
from .user import User
from .verification import Verification
from .viewing import Viewing

# Every noun that the ledger keeps, by chain, each after those that it most often names.
PARTY_NOUNS: dict[str, type[Entered]] = {m.NOUN: m for m in (Party, CoalitionMember)}
FACTS: dict[str, type[Fact]] = {
    m.NOUN: m
    for m in (
        Source,
        Instrument,
        Trigger,
        Pledge,
        Position,
        Deadline,
        Extension,
        Condition,
        Account,
        Reading,
        Adoption,
        ClockStop,
        Suspension,
        Incident,
        Move,
        Verification,
        Count,
        Dependency,
        Comment,
        Viewing,
    )
}
DOSSIER_NOUNS: dict[str, type[Entered]] = {
    Dossier.NOUN: Dossier,
    Membership.NOUN: Membership,
    **FACTS,
}
NOUNS: dict[str, type[Entered]] = {**PARTY_NOUNS, **DOSSIER_NOUNS}

__all__ = [
    "DOSSIER_NOUNS",
    "FACTS",
    "GLOBAL_CHAINS",
    "NOUNS",
    "PARTIES",
    "PARTY_NOUNS",
    "PEOPLE",
    "Account",
    "Adoption",
    "Alert",
    "AlertSettings",
    "BoardLine",
    "ClockStop",
    "CoalitionMember",
    "ColumnMapping",
    "Comment",
    "Condition",
    "Count",
    "Deadline",
    "Delivery",
    "Dependency",
    "Dismissal",
    "Dossier",
    "Draft",
    "Entered",
    "Extension",
    "Fact",
    "Flag",
    "ImportedRow",
    "Incident",
    "IncidentImport",
    "Instrument",
    "Invitation",
    "KeyedFact",
    "LedgerChain",
    "LedgerEntry",
    "MatchDismissal",
    "Membership",
    "Message",
    "Move",
    "Party",
    "Passage",
    "Phase",
    "Pledge",
    "Position",
    "Proposal",
    "ProposedStep",
    "Reading",
    "Reciprocation",
    "ReviewTask",
    "SavedView",
    "SentForm",
    "Snooze",
    "Source",
    "SourceFile",
    "StalePledge",
    "Subscription",
    "Suspension",
    "SweepRun",
    "TermSpan",
    "Trigger",
    "User",
    "Verification",
    "Viewing",
    "Webhook",
    "append_only",
    "search_index",
]
