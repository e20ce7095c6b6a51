"""What the page tests look at: a public and a private dossier, entered through the actions.

Alice is an analyst of both dossiers, bob has a login and no dossier. The halt of each dossier runs
from 2 March 2026 for ten days, Zurich, inclusive: to 2026-03-11T23:00Z.
"""

from datetime import UTC, datetime

from tracker.actions import record, seeds, users
from tracker.models import Dossier, User

AT = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
NASTY = "<script>alert('x')</script><b>bold</b>"

PARTIES = """
parties:
  alpha: {name: Alpha, kind: state}
  beta: {name: Beta, kind: armed_group, aliases: [The Betas]}
"""

DOSSIER = """
dossier:
  slug: SLUG
  title: Talks of PRE
  summary: What was said in the talks of PRE.
  zone: Europe/Zurich
  is_public: PUBLIC

sources:
  readout:
    title: Readout of PRE
    publisher: Office of Alpha
    url: https://example.org/readout
    kind: readout
    language: en
    published: 2026-03-01 Europe/Zurich
    reliability: B
    snapshot: The whole text of the readout.
  denial:
    title: Beta's statement on PRE
    publisher: Beta
    kind: statement
    published: 2026-03-02 Europe/Zurich
    reliability: D

instruments:
  call:
    title: Call of PRE
    kind: call
    form: oral
    parties: [alpha, beta]
    concluded: 2026-03-01 Europe/Zurich
    sources: [readout]

pledges:
  PRE-HALT:
    title: Alpha halts fire for ten days
    instrument: call
    pledgor: alpha
    beneficiaries: [beta]
    act: halt
    subject: civilians
    area: The river
    public: 2026-03-01 Europe/Zurich
    accounts:
      said:
        source: readout
        party: alpha
        speaker: Minister
        quotation: We halt fire for ten days.
        credibility: 2
        asserts: {existence: promised, start: 2 March, duration: ten days}
      denied:
        source: denial
        party: beta
        is_paraphrase: yes
        quotation: It began a day later.
        credibility: 3
        denies: {start: not 2 March}
    readings:
      counted:
        speaker: alpha
        start: 2026-03-02 Europe/Zurich
        duration: P10D
        start_account: said
        duration_account: said
    adopt: {reading: counted, rule: inclusive, reason: The order ran from that day.}
    conditions:
      mutual:
        kind: reciprocity
        text: If Beta does the same.
        asserted_by: alpha
    deadlines:
      report:
        title: A report is given
        kind: report
        readings:
          stated: {end: 2026-03-06 Europe/Zurich, rule: through}
    verifications:
      first:
        period_start: 2026-03-02 Europe/Zurich
        period_end: 2026-03-03 Europe/Zurich
        finding: held
        standard: No shot confirmed.
        reasoning: Nobody reports one.
        reliability: B
        credibility: 2
        public: 2026-03-03 Europe/Zurich
    counts:
      claimed:
        claimant: beta
        of: shots
        number: 12
        qualifier: more_than
        source: denial
        period_end: 2026-03-02 Europe/Zurich

positions:
  PRE-DEMAND:
    title: Beta asks for a wider zone
    kind: demand
    party: beta
    addressee: alpha
    instrument: call
    text: Twelve kilometres and not ten.
    public: 2026-03-01 Europe/Zurich

incidents:
  shot:
    occurred: 2026-03-03 Europe/Zurich
    place: The bridge
    actor: alpha
    claimants: [beta]
    pledges: [PRE-HALT]
    description: A shot at the bridge.
    public: 2026-03-03 Europe/Zurich
    sources: [denial]
"""


def load(text: str, *, at: datetime = AT) -> None:
    seeds.load("case.yaml", text.encode(), by=None, at=at)


def dossier(slug: str, *, public: bool, text: str = DOSSIER) -> Dossier:
    """A dossier of that slug; its pledges and positions begin with the slug in capitals."""
    text = text.replace("SLUG", slug).replace("PUBLIC", "yes" if public else "no")
    load(text.replace("PRE", slug.upper()))
    return Dossier.objects.get(slug=slug)


def open_and_shut() -> None:
    """The public dossier ``open`` and the private one ``shut``."""
    load(PARTIES)
    dossier("open", public=True)
    dossier("shut", public=False)


def person(name: str, **roles: str) -> User:
    """A user who can sign in, with a role per dossier slug."""
    user = users.register(
        email=f"{name}@example.org", name=name.title(), password=PASSWORD, by=None, at=AT
    )
    for slug, role in roles.items():
        record.put(
            "membership",
            str(user.uid),
            {"role": role},
            dossier=Dossier.objects.get(slug=slug),
            by=None,
            at=AT,
        )
    return user


def more_pledges(slug: str, number: int) -> None:
    """That many more pledges, each with two accounts and two readings, in a loaded dossier."""
    pledges = "".join(
        f"""
  {slug.upper()}-MORE-{n}:
    title: Beta halts fire, time {n}
    instrument: call
    pledgor: beta
    beneficiaries: [alpha]
    act: halt
    subject: civilians
    public: 2026-03-01 Europe/Zurich
    accounts:
      one: {{source: readout, party: alpha, quotation: They will., asserts: {{start: 2 March}}}}
      two: {{source: denial, party: beta, quotation: We may., denies: [start]}}
    readings:
      counted: {{start: 2026-03-02 Europe/Zurich, duration: P{n + 1}D}}
"""
        for n in range(number)
    )
    load(f"dossier: {{slug: {slug}}}\npledges:{pledges}")
