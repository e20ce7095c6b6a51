"""A public dossier ``full`` whose pledge has everything that a pledge's page can show.

FULL-HALT runs from 2 March 2026 for ten days by one reading, from 3 March by the other; the first
is adopted, and was extended by two days.
"""

from tests.web import house

TEXT = """
dossier: {slug: full, title: All of it, summary: All of it., zone: Europe/Zurich, is_public: yes}
sources:
  readout: {title: Readout, publisher: Office, kind: readout, published: 2026-03-01 Europe/Zurich}
instruments:
  call: {title: The call, kind: call, form: oral, concluded: 2026-03-01 Europe/Zurich}
triggers:
  signature: {title: The second signature, kind: signature, public: 2026-03-01 Europe/Zurich}
pledges:
  FULL-OTHER:
    title: Beta opens the bridge
    instrument: call
    pledgor: beta
    act: allow
    subject: maritime
    public: 2026-03-01 Europe/Zurich
    readings: {r: {start: 2026-03-02 Europe/Zurich, duration: P90D, rule: inclusive}}
    conditions:
      back: {kind: reciprocity, text: While Alpha halts fire., depends_on_pledge: FULL-HALT}
  FULL-TO-COME:
    title: Beta says it later
    instrument: call
    pledgor: beta
    act: halt
    subject: other
    public: 2026-03-20 Europe/Zurich
    dependencies: {d: {on_pledge: FULL-HALT, kind: rests_on, reason: The text.}}
  FULL-GUNS:
    title: Beta withdraws its guns
    instrument: call
    pledgor: beta
    act: withdraw
    subject: heavy_weapons
    public: 2026-03-01 Europe/Zurich
    readings:
      r: {start: {trigger: signature}, duration: P14D, rule: exclusive, zone: Europe/Zurich}
    dependencies: {d: {on_pledge: FULL-HALT, kind: rests_on, reason: The text.}}
  FULL-HALT:
    title: Alpha halts fire
    instrument: call
    pledgor: alpha
    beneficiaries: [beta]
    act: halt
    subject: civilians
    public: 2026-03-01 Europe/Zurich
    accounts:
      said: {source: readout, party: alpha, speaker: Minister, quotation: We do.,
             said: 2026-03-01 Europe/Zurich,
             asserts: {existence: promised, start: 2 March, duration: ten days}}
      other: {source: readout, party: beta, quotation: A day later., said: 2026-03-02 Europe/Zurich,
              asserts: {start: 3 March}, denies: {conditions: none}}
    readings:
      first: {speaker: alpha, start: 2026-03-02 Europe/Zurich, duration: P10D, rule: inclusive,
              start_account: said}
      second: {speaker: beta, start: 2026-03-03 Europe/Zurich, duration: P10D, rule: inclusive}
    adopt: {reading: first, reason: The order.}
    extensions:
      longer: {order: 1, kind: extended, duration: P2D, public: 2026-03-03 Europe/Zurich,
               moves: [{to: accepted, effective: 2026-03-03 Europe/Zurich, reason: Both.}]}
    clock_stops:
      storm: {start: 2026-03-02T12:00 Europe/Zurich, end: 2026-03-02T18:00 Europe/Zurich,
              public: 2026-03-02 Europe/Zurich}
    suspensions:
      east: {start: 2026-03-03 Europe/Zurich, areas: [The east], public: 2026-03-03 Europe/Zurich}
    conditions:
      lists: {kind: entry_precondition, text: Lists are exchanged., asserted_by: beta,
              moves: [{to: met, effective: 2026-03-01 Europe/Zurich, reason: Seen.}]}
      bridge: {kind: reciprocity, text: While the bridge is open., asserted_by: alpha,
               depends_on_pledge: FULL-OTHER}
    deadlines:
      map: {title: The map is drawn, kind: report,
            readings: {d: {end: 2026-03-03 Europe/Zurich, rule: until}}}
      done: {title: The list is given, kind: report,
             readings: {d: {end: 2026-03-02 Europe/Zurich, rule: through}},
             moves: [{to: done, effective: 2026-03-02 Europe/Zurich, reason: Seen.}]}
    dependencies: {d: {on_pledge: FULL-OTHER, kind: rests_on, reason: The text.}}
    verifications:
      v: {period_start: 2026-03-02 Europe/Zurich, period_end: 2026-03-03 Europe/Zurich,
          finding: held_in_part, standard: None confirmed., reasoning: One is., reliability: B,
          credibility: 2, public: 2026-03-03 Europe/Zurich}
    counts:
      old: {claimant: beta, of: shots, number: 12, source: readout}
      new: {claimant: beta, of: shots, number: 30, source: readout, supersedes: old}
      own: {claimant: alpha, of: shots, number: 4, source: readout}
  FULL-FAR:
    title: Beta halts fire one day
    instrument: call
    pledgor: beta
    act: halt
    subject: other
    public: 2026-03-01 Europe/Zurich
    readings: {r: {start: 2030-01-01 Europe/Zurich, duration: P10D, rule: inclusive}}
  FULL-BARE:
    title: Beta says a word
    instrument: call
    pledgor: beta
    act: refrain
    subject: media
    public: 2026-03-01 Europe/Zurich
"""
# After these more is put.
ACCOUNTS = "\n    readings:\n      first:"
CONDITIONS = "\n    deadlines:\n      map:"


def full() -> None:
    house.load(house.PARTIES)
    house.load(TEXT)


def many(*, accounts: int, conditions: int, incidents: int) -> None:
    """So much more of FULL-HALT."""
    house.load(more(accounts=accounts, conditions=conditions, incidents=incidents))


def more(*, accounts: int, conditions: int, incidents: int) -> str:
    said = "".join(
        f"""
      more{n}: {{source: readout, party: {"alpha" if n % 2 else "beta"}, quotation: "Said {n}.",
                {"denies: [start]" if n % 5 == 0 else f"asserts: {{start: version {n % 7}}}"}}}"""
        for n in range(accounts)
    )
    hangs = "".join(
        f"""
      more{n}: {{kind: continuing, text: "Point {n} is kept."}}"""
        for n in range(conditions)
    )
    shots = "".join(
        f"""
  shot{n}:
    occurred: 2026-03-04 Europe/Zurich
    pledges: [FULL-HALT]
    description: "Shot {n}."
    claimants: [beta]
    public: 2026-03-04 Europe/Zurich"""
        for n in range(incidents)
    )
    text = TEXT.replace(ACCOUNTS, f"{said}{ACCOUNTS}").replace(CONDITIONS, f"{hangs}{CONDITIONS}")
    return f"{text}\nincidents:{shots}\n" if shots else text
