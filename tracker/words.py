"""The words of the register as people read them: one translated label per stored value.

Forms and templates both show them. A test proves that every value of the domain has one. Must not
live here: rules, queries, or anything of a single page.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker.domain.errors import DomainError
from tracker.domain.sentences import Sentence

FORMER_MEMBER = _("a former member")  # somebody whose personal data were erased

LABELS: Mapping[str, Mapping[str, Any]] = {
    "stage": {
        "announced": _("Announced"),
        "awaiting_conditions": _("Awaiting conditions"),
        "awaiting_trigger": _("Awaiting trigger"),
        "scheduled": _("Scheduled"),
        "in_force": _("In force"),
        "expired": _("Expired"),
        "superseded": _("Superseded"),
        "terminated": _("Terminated by mutual agreement"),
        "withdrawn": _("Withdrawn"),
        "released": _("Released on the other’s breach"),
        "condition_failed": _("Ended: a condition failed"),
        "hostilities_resumed": _("Ended: hostilities resumed"),
        "completed": _("Completed"),
        "never_entered": _("Never entered into force"),
        "rejected": _("Rejected by its addressee"),
    },
    "compliance": {
        "not_assessed": _("Not assessed"),
        "held": _("Held"),
        "held_in_part": _("Held in part"),
        "contested": _("Contested"),
        "breached": _("Breached"),
        "fulfilled": _("Fulfilled"),
        "fulfilled_late": _("Fulfilled late"),
        "cannot_be_determined": _("Cannot be determined"),
        "not_initiated": _("Not initiated"),
        "minimum": _("Minimum"),
        "intermediate": _("Intermediate"),
        "complete": _("Complete"),
    },
    "band": {
        "expired": _("Expired or overdue"),
        "24h": _("Within 24 hours"),
        "72h": _("Within 72 hours"),
        "7d": _("Within 7 days"),
        "later": _("Later"),
        "none": _("No end, or clock stopped"),
        "ended": _("Ended or completed"),
    },
    "filter": {
        "text": _("Text"),
        "dossier": _("Dossier"),
        "party": _("Party"),
        "role": _("The party’s part"),
        "act": _("Act"),
        "subject": _("Subject"),
        "stage": _("Stage"),
        "flag": _("Flag"),
        "band": _("Time left"),
        "analyst": _("Analyst"),
        "tag": _("Tag"),
    },
    "sort": {
        "changed": _("latest change first"),
        "unchecked": _("longest unchecked first"),
        "ref": _("by reference"),
    },
    "column": {
        "dossier": _("Dossier"),
        "tags": _("Tags"),
        "judged": _("Whether it was kept"),
        "checked": _("Last verified"),
        "conditions": _("Open conditions"),
        "analyst": _("Analyst"),
    },
    "part": {
        "pledgor": _("pledges"),
        "beneficiary": _("is pledged to"),
    },
    "act": {
        "halt": _("halts"),
        "refrain": _("refrains"),
        "allow": _("allows"),
        "withdraw": _("withdraws"),
        "release": _("releases"),
        "provide": _("provides"),
        "establish": _("establishes"),
        "negotiate": _("negotiates"),
        "other": _("undertakes"),
    },
    "subject": {
        "energy_infrastructure": _("energy infrastructure"),
        "civilians": _("civilians"),
        "prisoners": _("prisoners"),
        "humanitarian_access": _("humanitarian access"),
        "maritime": _("maritime"),
        "heavy_weapons": _("heavy weapons"),
        "arms_transfers": _("arms transfers"),
        "territory": _("territory"),
        "media": _("media"),
        "other": _("other"),
    },
    "specificity": {
        "vague": _("vague"),
        "specific": _("specific"),
        "measurable": _("measurable"),
    },
    "alert": {
        "corrected": _("It was not so"),
        "decided": _("Your proposed change was decided"),
        "mentioned": _("You were mentioned"),
        "proposed": _("A change waits for you to confirm it"),
        "review_due": _("A review is asked of you"),
        "stage_changed": _("Changed by an edit"),
    },
    "alert_of_another": {
        "decided": _("A proposed change was decided"),
        "mentioned": _("Mentioned in a comment"),
        "proposed": _("A change waits to be confirmed"),
        "review_due": _("A review is asked"),
    },
    "dropped": {
        "before_mail": _("the release of then could not send"),
        "channel_gone": _("the way it was to go by is turned off"),
        "no_access": _("you may no longer see the pledge"),
        "unsubscribed": _("you no longer wanted it"),
        "untrue": _("it turned out not to be so before it left"),
    },
    "why": {
        "alerted": _("you were alerted"),
        "history": _("entered long after it became true: it is history, and alerts nobody"),
        "muted": _("you had muted this pledge"),
        "no_access": _("you may not see this pledge"),
        "no_channel": _("no way to reach you is turned on, or your address was refused"),
        "not_listed": _("you watched views then, and none of them listed it"),
        "not_watched": _("you did not watch it then, and were not its analyst"),
        "other_kinds": _("you had chosen other kinds of alerts"),
        "other_leads": _("you had chosen other warnings before the end"),
        "view_changed": _(
            "you watched a view, and it is not known any more whether it listed this then: the view"
            " or the pledge was changed since"
        ),
        "unknown": _("nothing that was kept says why: tell whoever runs this instance"),
    },
    "lead": {
        "30d": _("30 days before"),
        "7d": _("7 days before"),
        "3d": _("3 days before"),
        "24h": _("24 hours before"),
        "6h": _("6 hours before"),
        "1h": _("1 hour before"),
    },
    "message": {
        "dead": _("given up"),
        "dropped": _("not sent: nothing was left to say"),
        "merged": _("travels in a newer message"),
        "refused": _("the address was refused"),
        "sent": _("sent"),
        "waiting": _("waits"),
    },
    "outcome": {
        "address_refused": _("the address was refused for good"),
        "content_refused": _("the message was refused"),
        "deferred": _("not taken; tried again later"),
        "sent": _("taken by the mail server"),
        "uncertain": _("the server fell silent; it may have been taken"),
    },
    "webhook_outcome": {
        "address_refused": _("the address wants nothing more, or leads where nothing is sent"),
        "content_refused": _("the message was refused"),
        "deferred": _("not taken; tried again later"),
        "sent": _("taken"),
        "uncertain": _("no whole answer came; it may have been taken, and goes again"),
    },
    "channel": {"mail": _("mail"), "webhook": _("webhook")},
    "rhythm": {
        "at_once": _("At once"),
        "daily": _("Once a day, in a digest"),
        "weekly": _("Once a week, in a digest"),
    },
    "because": {
        "analyst": _("you are the analyst of this pledge"),
        "asked": _("you are asked to look"),
        "author": _("you proposed it"),
        "dossier": _("you watch its dossier"),
        "escalation": _("nobody acknowledged it in time, and you are the one to be told then"),
        "mention": _("you were mentioned in a comment"),
        "named": _("you were named"),
        "party": _("you watch one of its parties"),
        "pledge": _("you watch this pledge"),
        "reviewer": _("you may confirm what others propose there"),
        "told_before": _("you were told of it before"),
        "view": _("it is in a view that you watch"),
    },
    "proof": {
        "reasonable_suspicion": _("reasonable suspicion"),
        "reasonable_grounds": _("reasonable grounds to believe"),
        "balance": _("balance of probabilities"),
        "clear": _("clear and convincing"),
        "beyond_doubt": _("beyond reasonable doubt"),
    },
    "proof_means": {
        "reasonable_suspicion": _("something points to it, and it has yet to be looked into"),
        "reasonable_grounds": _(
            "a careful person would think it happened so; most inquiries use it"
        ),
        "balance": _("more likely than not"),
        "clear": _("much more likely than not; what speaks against it was looked into"),
        "beyond_doubt": _("no reasonable doubt is left, as in a criminal court"),
    },
    "freshness": {
        "fresh": _("not due"),
        "due": _("due"),
        "unverified": _("not verified for too long"),
    },
    "part_of_term": {
        "baseline": _("before the term"),
        "term": _("in the term"),
        "disputed": _("in the term by some readings, or for part of the day"),
        "outside": _("outside"),
    },
    "seen": {
        "observed": _("yes"),
        "gap": _("nothing was looked at"),
        "ahead": _("still ahead"),
    },
    "drawn": {
        "sure": _("the term, under every standing reading"),
        "disputed": _("the term, under some readings"),
        "baseline": _("as long before it"),
        "gap": _("nothing was looked at"),
        "grave": _("grave violation"),
        "minor": _("minor violation"),
        "open": _("alleged, under inquiry, or access denied"),
        "cleared": _("no violation, or unsubstantiated"),
        "claimed": _("claimed"),
        "possible": _("may have happened on that day, or on another"),
    },
    "overlay": {"suspended": _("Suspended"), "clock_stopped": _("Clock stopped")},
    "flag": {
        "starts_soon": _("Starts soon"),
        "due_soon": _("Runs out soon"),
        "expired": _("Expired"),
        "reading_ended": _("Another reading’s end has passed"),
        "expired_unassessed": _("Expired without a verdict"),
        "term_passed_unstarted": _("The term passed before it began"),
        "deadline_due": _("A deadline is due"),
        "deadline_missed": _("A deadline has passed undone"),
        "condition_overdue": _("A condition is overdue"),
        "verification_due": _("Verification is due"),
        "unverified": _("Not verified for too long"),
        "violation_reported": _("A violation is reported"),
        "accounts_differ": _("Accounts differ"),
        "dependency_failed": _("What it rests on has failed"),
    },
    "field": {
        "existence": _("That it was promised"),
        "scope": _("Scope"),
        "area": _("Area"),
        "start": _("Start"),
        "duration": _("Duration"),
        "end": _("End"),
        "conditions": _("Conditions"),
        "acceptance": _("Acceptance"),
        "compliance": _("Compliance"),
        "rule": _("Day count"),
        "zone": _("Zone"),
    },
    "field_inline": {
        "existence": _("that it was said"),
        "scope": _("the scope"),
        "area": _("the area"),
        "start": _("the start"),
        "duration": _("the duration"),
        "end": _("the end"),
        "conditions": _("the conditions"),
        "acceptance": _("acceptance"),
        "compliance": _("compliance"),
    },
    "stance": {"asserts": _("asserts"), "denies": _("denies"), "silent": _("silent")},
    "rule": {
        "inclusive": _("day of the start counted"),
        "exclusive": _("day of the start not counted"),
        "elapsed": _("elapsed time"),
        "through": _("through that day"),
        "until": _("until that day begins"),
    },
    "rule_means": {
        "inclusive": _("18 March and 30 days run through 24:00 on 16 April"),
        "exclusive": _("18 March and 30 days run through 24:00 on 17 April"),
        "elapsed": _("30 days from 18:00 on 18 March end at 18:00 on 17 April; hours are hours"),
        "through": _("an end on 17 April means 24:00 that day"),
        "until": _("an end on 17 April means 00:00 that day"),
    },
    "open_end": {
        "not_stated": _("no end stated"),
        "until_event": _("until an event"),
        "indefinite": _("without end"),
    },
    "condition_kind": {
        "entry_precondition": _("Before it enters into force"),
        "reciprocity": _("Reciprocity"),
        "continuing": _("Continuing"),
        "concurrent": _("Concurrent"),
        "extension_condition": _("For an extension"),
        "release_on_breach": _("Release on the other’s breach"),
    },
    "condition": {
        "pending": _("Pending"),
        "met": _("Met"),
        "partly_met": _("Partly met"),
        "unmet": _("Unmet"),
        "waived": _("Waived"),
        "lapsed": _("Lapsed"),
        "cannot_be_verified": _("Cannot be verified"),
        "not_triggered": _("Not triggered"),
        "claimed": _("Claimed"),
        "invoked": _("Invoked"),
    },
    "acknowledgement": {
        "unacknowledged": _("unacknowledged"),
        "accepted": _("accepted"),
        "disputed": _("disputed"),
    },
    "binding": {"not_binding": _("not binding"), "binding": _("binding")},
    "deadline_kind": {
        "milestone": _("Milestone"),
        "report": _("Report"),
        "review": _("Review"),
    },
    "deadline": {"open": _("Open"), "done": _("Done"), "waived": _("Waived")},
    "extension_kind": {
        "extended": _("Extended"),
        "renewed": _("Renewed"),
        "revived": _("Revived"),
        "shortened": _("Shortened"),
        "tacit": _("Continued tacitly"),
    },
    "extension": {
        "proposed": _("proposed"),
        "accepted": _("accepted"),
        "rejected": _("rejected"),
    },
    "incident": {
        "alleged": _("Alleged"),
        "under_inquiry": _("Under inquiry"),
        "not_an_incident": _("Not an incident"),
        "incident_without_violation": _("Incident without violation"),
        "minor_violation": _("Minor violation"),
        "grave_violation": _("Grave violation"),
        "unsubstantiated": _("Unsubstantiated"),
        "access_denied": _("Access denied"),
    },
    "attribution": {
        "none": _("not attributed"),
        "claimed": _("attribution claimed"),
        "assessed": _("attribution assessed"),
        "established": _("attribution established"),
    },
    "match": {
        "pledgor": _("The alleged actor is the pledgor."),
        "member": _("The alleged actor was a member of the pledgor, a coalition, then."),
        "perhaps_member": _("Whether the alleged actor was of the coalition then is not known."),
        "actor_unknown": _("The alleged actor is not stated."),
        "subject_same": _("Both are about the same subject."),
        "subject_unknown": _("What the incident is about is not stated."),
        "subject_open": _("One of the two is about “other”: whether they are one is not told."),
        "place_named": _("The pledge’s area names its place."),
        "place_not_named": _("The pledge’s area does not name its place; it may lie in it."),
        "place_unknown": _("Where it was is not stated."),
        "area_not_stated": _("The pledge states no area."),
        "without_zone": _("Its time has no zone: such a day takes fifty hours."),
    },
    "import": {
        "open": _("Being mapped"),
        "proposed": _("Waits for a second person"),
        "queued": _("Waits to be entered"),
        "entered": _("Entered"),
        "undo_proposed": _("Its undoing waits for a second person"),
        "undo_queued": _("Waits to be undone"),
        "undone": _("Undone"),
    },
    "used": {
        "changed": _("changed since"),
        "judged": _("judged"),
        "commented": _("commented on"),
        "evidence": _("evidence of a verification"),
        "dismissed": _("a suggestion about it was dismissed"),
    },
    "qualifier": {
        "exactly": "",
        "more_than": _("more than"),
        "about": _("about"),
        "at_least": _("at least"),
    },
    "position_kind": {
        "demand": _("Demand"),
        "concern": _("Concern"),
        "refusal": _("Refusal"),
        "proposal": _("Proposal"),
        "shared_aim": _("Shared aim"),
        "discussed": _("Discussed without commitment"),
    },
    "party_kind": {
        "state": _("State"),
        "armed_group": _("Armed group"),
        "organisation": _("Organisation"),
        "coalition": _("Coalition"),
        "other": _("Other"),
    },
    "file_kind": {
        "pdf": _("PDF"),
        "html": _("web page (HTML)"),
        "text": _("plain text"),
        "png": _("picture (PNG)"),
        "jpeg": _("picture (JPEG)"),
        "webp": _("picture (WebP)"),
    },
    "source_kind": {
        "news": _("News report"),
        "readout": _("Readout"),
        "statement": _("Statement"),
        "agreement_text": _("Text of an agreement"),
        "report": _("Report"),
        "social": _("Social media post"),
        "other": _("Other"),
    },
    "instrument_kind": {
        "call": _("Call"),
        "statement": _("Statement"),
        "agreement": _("Agreement"),
        "unilateral_declaration": _("Unilateral declaration"),
        "resolution": _("Resolution"),
        "other": _("Other"),
    },
    "form": {"oral": _("oral"), "written": _("written")},
    "trigger_kind": {
        "signature": _("signature"),
        "acceptance": _("acceptance"),
        "repositioning": _("repositioning"),
        "condition_met": _("a condition met"),
        "step_done": _("a step done"),
        "other": _("other"),
    },
    "dependency": {
        "rests_on": _("Rests on"),
        "supersedes": _("Supersedes"),
        "part_of": _("Part of"),
    },
    "tie": {
        "condition": _("A condition depends on it"),
        "reciprocates": _("It reciprocates it"),
        "rests_on": _("It rests on it"),
    },
    "reliability": {
        "A": _("completely reliable"),
        "B": _("usually reliable"),
        "C": _("fairly reliable"),
        "D": _("not usually reliable"),
        "E": _("unreliable"),
        "F": _("reliability cannot be judged"),
    },
    "credibility": {
        "1": _("confirmed by other sources"),
        "2": _("probably true"),
        "3": _("possibly true"),
        "4": _("doubtful"),
        "5": _("improbable"),
        "6": _("truth cannot be judged"),
    },
    "machine": {
        "stage": _("The pledge"),
        "condition": _("The condition"),
        "release": _("The release"),
        "acknowledgement": _("Its acknowledgement"),
        "binding": _("Whether it binds"),
        "incident": _("What was found"),
        "attribution": _("Attribution"),
        "deadline": _("The step"),
        "extension": _("The extension"),
    },
    "nouns": {
        "account": _("Accounts"),
        "adoption": _("Adoptions"),
        "clock_stop": _("Clock stops"),
        "comment": _("Comments"),
        "condition": _("Conditions"),
        "count": _("Counts"),
        "deadline": _("Deadlines"),
        "dependency": _("Dependencies"),
        "extension": _("Extensions"),
        "incident": _("Incidents"),
        "instrument": _("Instruments"),
        "move": _("Judgements"),
        "pledge": _("Pledges"),
        "position": _("Positions"),
        "reading": _("Readings"),
        "source": _("Sources"),
        "suspension": _("Suspensions"),
        "trigger": _("Triggers"),
        "verification": _("Verifications"),
        "viewing": _("Checks of sources"),
    },
    "found": {
        "pledge": _("Pledges"),
        "position": _("Said, not promised"),
        "account": _("Quotations"),
        "condition": _("Conditions"),
        "deadline": _("Deadlines"),
        "verification": _("Verifications"),
        "incident": _("Incidents"),
        "count": _("Counts"),
        "source": _("Sources"),
        "text": _("Texts of sources"),
        "instrument": _("Instruments"),
        "party": _("Parties"),
        "dossier": _("Dossiers"),
        "comment": _("Comments"),
        "entry": _("Notes and reasons"),
    },
    "noun": {
        "account": _("Account"),
        "adoption": _("Adoption"),
        "clock_stop": _("Clock stop"),
        "coalition_member": _("Member of a coalition"),
        "comment": _("Comment"),
        "condition": _("Condition"),
        "count": _("Count"),
        "deadline": _("Deadline"),
        "dependency": _("Dependency"),
        "dossier": _("Dossier"),
        "extension": _("Extension"),
        "incident": _("Incident"),
        "instrument": _("Instrument"),
        "move": _("Judgement"),
        "party": _("Party"),
        "pledge": _("Pledge"),
        "position": _("Position"),
        "reading": _("Reading"),
        "source": _("Source"),
        "suspension": _("Suspension"),
        "trigger": _("Trigger"),
        "verification": _("Verification"),
        "viewing": _("Check of a source"),
    },
    "enter": {
        "account": _("Enter an account"),
        "clock_stop": _("Enter a clock stop"),
        "comment": _("Write a comment"),
        "condition": _("Enter a condition"),
        "count": _("Enter a count"),
        "deadline": _("Enter a deadline"),
        "dependency": _("Enter a dependency"),
        "extension": _("Enter an extension"),
        "incident": _("Enter an incident"),
        "instrument": _("Enter an instrument"),
        "pledge": _("Enter a pledge"),
        "position": _("Enter a position"),
        "reading": _("Enter a reading"),
        "source": _("Enter a source"),
        "suspension": _("Enter a suspension"),
        "trigger": _("Enter a trigger"),
        "verification": _("Record a verification"),
        "viewing": _("Record that you checked a source"),
    },
    "suggestion_kind": {
        "commitment": _("Commitment"),
        "refraining": _("Undertaking not to do something"),
        "demand": _("Demand"),
        "condition": _("Condition"),
        "concern": _("Concern"),
        "proposal": _("Proposal"),
        "no_commitment": _("No commitment"),
        "reported_violation": _("Reported violation"),
    },
    "suggestion_mark": {
        "past": _("told of an earlier time"),
        "extension": _("prolongs a term that runs already"),
        "renewable": _("can be renewed"),
        "conditional": _("a condition stands in the same sentence"),
        "within": _("the length is the time in which to do it"),
        "denied": _("the speaker denies that it was promised"),
        "headline": _("headline"),
        "quoted": _("in quotation marks"),
    },
    "suggested_as": {
        "pledge": _("a pledge"),
        "extension": _("an extension of a pledge"),
        "position": _("a position"),
        "condition": _("a condition"),
        "incident": _("an incident"),
        "count": _("a count"),
    },
    "marked_as": {
        "pledge": _("a pledge"),
        "account": _("an account of a known pledge"),
        "condition": _("a condition"),
        "position": _("a position"),
    },
    "done": {
        "become": _("became a pledge"),
        "lift": _("lifted"),
        "merge": _("changed by a merge"),
        "unmerge": _("as it was: the merge was taken back"),
        "restore": _("holds again: the withdrawal was taken back"),
        "resume": _("the clock runs again"),
        "set_aside": _("set aside"),
        "undo": _("the change before it was undone"),
        "withdraw": _("withdrawn"),
    },
    "custody": {
        "added": _("Added"),
        "text": _("Its text was added"),
        "file": _("Its file was added"),
        "withdrawn": _("Withdrawn"),
        "restored": _("Holds again: the withdrawal was taken back"),
        "replaced": _("Replaced by a newer version"),
        "viewed": _("Opened and checked"),
        "cited": _("Cited by a finding"),
    },
    "standing": {
        "open": _("Waiting"),
        "confirmed": _("Confirmed"),
        "declined": _("Declined"),
        "withdrawn": _("Withdrawn"),
    },
    "role_means": {
        "reader": _("sees the dossier whole"),
        "analyst": _("also enters and changes facts"),
        "reviewer": _("also reviews what others entered"),
        "owner": _("also decides on members and publication"),
    },
    "role": {
        "reader": _("reader"),
        "analyst": _("analyst"),
        "reviewer": _("reviewer"),
        "owner": _("owner"),
    },
}

ISOLATE, POP = "\u2068", "\u2069"
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def isolated(text: Any) -> str:
    """A stored text between others where no markup can keep it apart: its direction ends with it.

    For titles, messages and subjects. Isolating controls of its own are not shown: one too many
    would end ours. What is plain ASCII needs none.
    """
    if str(text).isascii():
        return str(text)
    return f"{ISOLATE}{str(text).translate(ISOLATES)}{POP}"


def said(words: str) -> str:
    """A sentence of the rules in the language of the page; any other text as it is."""
    if not isinstance(words, Sentence):
        return words
    template = gettext(words.template)
    if not words.named:
        return template
    named = {k: said(v) if isinstance(v, str) else v for k, v in words.named.items()}
    return template.format(**named)


def refusal(error: DomainError) -> str:
    """What is wrong, and how to mend it, in the language of the page."""
    return f"{said(error.message)} {said(error.mend)}".strip()


def cause(kind: str) -> str:
    """What an alert is of: a flag, or what a person did."""
    return label("flag" if kind in LABELS["flag"] else "alert", kind)


def lead(name: str) -> str:
    """A lead time as flags name it (``24h``, ``90m``), in words; also one that a pledge sets."""
    if name in LABELS["lead"] or not name[:-1].isdecimal():
        return label("lead", name)
    number, unit = int(name[:-1]), name[-1]
    said = {
        "d": ngettext("%(n)s day before", "%(n)s days before", number),
        "h": ngettext("%(n)s hour before", "%(n)s hours before", number),
        "m": ngettext("%(n)s minute before", "%(n)s minutes before", number),
    }.get(unit)
    return said % {"n": number} if said else label("lead", name)


def label(kind: str, value: Any) -> str:
    """The label of a stored value; without one, the value with its underscores as spaces."""
    text = str(value if value is not None else "")
    found = LABELS[kind].get(text)
    return str(found) if found is not None else text.replace("_", " ").replace("-", " ")
