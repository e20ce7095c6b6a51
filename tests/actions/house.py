"""A dossier with one of everything, made through the verbs, for the tests of actions."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests import kept
from tracker.actions import (
    accounts,
    adoptions,
    clock_stops,
    comments,
    conditions,
    counts,
    deadlines,
    dependencies,
    dossiers,
    extensions,
    incidents,
    instruments,
    moves,
    parties,
    pledges,
    positions,
    readings,
    record,
    sources,
    suspensions,
    triggers,
    verifications,
    viewings,
)
from tracker.models import Dossier, Pledge, User

AT = datetime(2025, 6, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PUBLIC = "2025-03-18 Europe/Moscow"


@dataclass
class Made:
    """The rows by what they are; ``clock`` goes on by a minute with each write."""

    dossier: Dossier
    by: User | None = None
    clock: datetime = AT
    rows: dict[str, Any] = field(default_factory=dict)

    def how(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.tick()}

    def tick(self) -> datetime:
        self.clock += MINUTE
        return self.clock

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None


def bare(slug: str = "case", by: User | None = None) -> Made:
    """A dossier, two parties, a source and an instrument."""
    return kept.begin_with(f"bare {slug}", lambda: _bare(slug, by))


def _bare(slug: str, by: User | None) -> Made:
    made = Made(dossiers.open(slug=slug, title="Case", by=by, at=AT), by)
    for name in ("alpha", "beta", "league"):
        kind = "coalition" if name == "league" else "state"
        made.rows[name] = parties.register(
            slug=f"{slug}-{name}", name=name.title(), kind=kind, **made.how()
        )
    made.rows["source"] = sources.add(
        dossier=made.dossier,
        key="readout",
        title="Readout",
        kind="readout",
        published=PUBLIC,
        public=PUBLIC,
        snapshot="Strikes end for thirty days.",
        **made.how(),
    )
    made.rows["instrument"] = instruments.conclude(
        dossier=made.dossier,
        key="call",
        title="Call",
        kind="call",
        form="oral",
        parties=[made.beta, made.alpha],
        sources=[made.source],
        concluded=PUBLIC,
        public=PUBLIC,
        **made.how(),
    )
    return made


def pledged(made: Made, ref: str = "CASE-1", **columns: Any) -> Pledge:
    given = {
        "title": "Alpha halts strikes",
        "instrument": made.instrument,
        "pledgor": made.alpha,
        "beneficiaries": [made.beta],
        "act": "halt",
        "subject": "energy_infrastructure",
        "public": PUBLIC,
        **columns,
    }
    return pledges.register(dossier=made.dossier, ref=ref, **given, **made.how())


def full(slug: str = "case", by: User | None = None) -> Made:
    """One row or more of every noun of a dossier; the phases are derived once."""

    def make() -> Made:
        with record.batch(at=AT):
            return _full(bare(slug, by), slug)

    return kept.begin_with(f"full {slug}", make)


def _full(made: Made, slug: str) -> Made:
    rows, d = made.rows, made.dossier
    parties.admit(coalition=made.league, member=made.alpha, since="2020-01 UTC", **made.how())
    rows["pledge"] = one = pledged(made, f"{slug}-1", leads=["P3D", "PT24H"], cadence="P7D")
    rows["other"] = two = pledged(made, f"{slug}-2", pledgor=made.beta, reciprocates=[one])
    rows["account"] = accounts.record(
        of=one,
        source=made.source,
        party=made.alpha,
        quotation="thirty days",
        place={"start": 16, "end": 27, "prefix": "for ", "suffix": "."},
        existence="asserts",
        duration="asserts",
        values={"duration": "30 days"},
        credibility=2,
        public=PUBLIC,
        **made.how(),
    )
    rows["trigger"] = triggers.add(
        dossier=d, key="signing", title="Signing", kind="signature", public=PUBLIC, **made.how()
    )
    readings.add(
        of=made.trigger, key="signed", start="2025-03-20 Europe/Kyiv", public=PUBLIC, **made.how()
    )
    rows["readings"] = readings.add(
        of=one,
        start=PUBLIC,
        duration="P30D",
        speaker=made.alpha,
        start_account=made.account,
        public=PUBLIC,
        **made.how(),
    )
    rows["adoption"] = adoptions.adopt(
        reading=made.readings[0], public=PUBLIC, reason="Its own order", **made.how()
    )
    rows["deadline"] = deadlines.add(pledge=two, title="Report", public=PUBLIC, **made.how())
    readings.add(
        of=made.deadline,
        start_trigger=made.trigger,
        start_offset="P14D",
        zone="Europe/Kyiv",
        public=PUBLIC,
        **made.how(),
    )
    rows["extension"] = extensions.propose(
        pledge=one, kind="extended", duration="P10D", public="2025-04-10 UTC", **made.how()
    )
    extensions.accept(
        row=made.extension,
        effective="2025-04-12 UTC",
        public="2025-04-12 UTC",
        reason="Both agreed",
        **made.how(),
    )
    rows["condition"] = conditions.add(
        on=two,
        kind="entry_precondition",
        text="Alpha begins",
        depends_on_pledge=one,
        asserted_by=made.beta,
        public=PUBLIC,
        **made.how(),
    )
    moves.make(
        on=made.condition,
        to="binding",
        effective=PUBLIC,
        public=PUBLIC,
        reason="Both say so",
        **made.how(),
    )
    rows["stop"] = clock_stops.stop(
        pledge=one, start="2025-04-01T06:00Z", public="2025-04-01T06:00Z", **made.how()
    )
    clock_stops.resume(row=made.stop, end="2025-04-02T18:00Z", **made.how())
    rows["suspension"] = suspensions.suspend(
        pledge=one, start="2025-04-05 UTC", areas=["Kherson"], public="2025-04-05 UTC", **made.how()
    )
    suspensions.lift(row=made.suspension, end="2025-04-06 UTC", **made.how())
    rows["incident"] = incidents.report(
        dossier=d,
        key="kherson",
        occurred="2025-03-27 Europe/Kyiv",
        description="A strike on a substation",
        claimants=[made.beta],
        pledges=[one],
        sources=[made.source],
        public="2025-03-27 Europe/Kyiv",
        **made.how(),
    )
    rows["verification"] = verifications.record(
        pledge=one,
        period_start=PUBLIC,
        period_end="2025-03-31 Europe/Moscow",
        finding="contested",
        reasoning="Each side claims breaches",
        incidents=[made.incident],
        sources=[made.source],
        public="2025-04-01 UTC",
        **made.how(),
    )
    rows["count"] = counts.record(
        dossier=d,
        pledge=one,
        claimant=made.beta,
        of="violations",
        number=30,
        qualifier="more_than",
        source=made.source,
        public="2025-04-16 UTC",
        **made.how(),
    )
    rows["dependency"] = dependencies.add(
        pledge=two,
        on_pledge=one,
        kind="rests_on",
        reason="It mirrors the other",
        public=PUBLIC,
        **made.how(),
    )
    rows["position"] = positions.record(
        dossier=d,
        ref=f"{slug}-P",
        title="Further talks",
        kind="demand",
        party=made.alpha,
        public=PUBLIC,
        **made.how(),
    )
    positions.become(row=made.position, pledge=two, **made.how())
    rows["comment"] = comments.write(on=one, text="Who has the order itself?", **made.how())
    rows["viewing"] = viewings.record(source=made.source, note="It says so.", **made.how())
    return made
