"""A definition as large as any may become: 200 states and 1,000 transitions, nested, with clocks and conditions."""

STATES = 200
TRANSITIONS = 1000
GROUP = 8  # leaves below one parent

HEAD = """
case_type: large
title: A large definition
version: "1"
basis: none
effective: {from: 2026-01-01}
calendar: CN
parties:
  roles: {claimant: {min: 1}, respondent: {min: 1}}
  fields: {age: {type: int, default: 30}}
fields:
  risk: {type: choice, of: [red, orange, yellow, blue], default: yellow}
  kind: {type: choice, of: [land, water, debt, wage], default: land}
  amount: {type: money, default: 0}
  urgent: {type: bool, default: false}
  heard: {type: bool, default: false}
  place_of: text
records:
  session: {fields: {held: bool, notes: text?}, by: [clerk]}
  consent: {per: party, fields: {decision: {type: choice, of: [given, refused]}}, by: [clerk]}
  paper: {fields: {text: text, until: timestamp}, by: [clerk], signed_by: [party]}
seats: {keeper: {of: [warden]}}
outcomes: {settled: {grade: substantive}, dropped: {grade: procedural}}
milestones: {first_resolution: [closed], final_resolution: [closed]}
"""


def big(states: int = STATES, transitions: int = TRANSITIONS) -> str:
    """The YAML text. Each leaf has a sure way out; the other transitions lead all over the place."""
    leaves = [f"s{n}" for n in range(states - 1)]
    return "\n".join(
        [
            HEAD,
            *_rules(),
            "states:",
            *_states(leaves),
            "transitions:",
            *_transitions(leaves, transitions),
            "clocks:",
            *_clocks(leaves),
        ]
    )


def _rules() -> list[str]:
    lines = ["rules:"]
    for number in range(40):
        that = f'risk != "red" || amount < {1000 + number}.0 || (urgent && kind == "debt")'
        lines.append(f"  rule{number}: {{that: '{that}', because: no {number}, basis: s.{number}}}")
    return lines


def _states(leaves: list[str]) -> list[str]:
    lines = []
    for start in range(0, len(leaves), GROUP):
        lines.append(f"  g{start // GROUP}:")
        lines.append("    phase: work\n    waits_for: [clerk]\n    states:")
        lines += [f"      {leaf}: {{title: State {leaf}}}" for leaf in leaves[start : start + GROUP]]
    return [*lines, "  closed: {final: true}"]


def _transitions(leaves: list[str], count: int) -> list[str]:
    lines = ["  - {trigger: file, dest: s0, allow: [anyone], asks: [risk, kind, amount?], basis: s.0}"]
    lines += [
        f"  - {{trigger: next{n}, source: {leaf}, dest: {following}, allow: [clerk, system], outcome: dropped, basis: s.{n}}}"
        for n, (leaf, following) in enumerate(zip(leaves, [*leaves[1:], "closed"], strict=True))
    ]
    while len(lines) < count:
        lines.append(_other(leaves, len(lines)))
    return lines


def _other(leaves: list[str], number: int) -> str:
    source, to = leaves[number * 7 % len(leaves)], leaves[number * 13 % len(leaves)]
    basis = f"basis: s.{number}"
    if number % 5 == 0:
        join = f'parties.all(p, p.consent.decision == "given") && heard && amount > {number}.0'
        return f"  - {{as_soon_as: '{join}', source: {source}, dest: {to}, {basis}}}"
    if number % 5 == 1:
        when = f"urgent && amount > {number}.0"
        dest = f"[{{when: '{when}', to: {to}}}, {{when: 'kind == \"land\"', to: {source}}}, {{to: stay}}]"
        return f"  - {{trigger: t{number}, source: {source}, dest: {dest}, allow: [clerk, keeper], asks: [urgent], {basis}}}"
    if number % 5 == 2:
        group = f"g{number % (len(leaves) // GROUP)}"
        return f"  - {{trigger: t{number}, source: {group}, allow: [keeper, party], asks: [session, heard?], {basis}}}"
    guard = f"guard: [rule{number % 40}, rule{(number + 7) % 40}]"
    return f"  - {{trigger: t{number}, source: {source}, dest: {to}, allow: [clerk, party], asks: [keeper, note?], {guard}, {basis}}}"


def _clocks(leaves: list[str]) -> list[str]:
    lines = []
    for number, leaf in enumerate(leaves[::4]):
        at = f"at: {{80%: [{{remind: [keeper]}}], due: [{{fire: next{number * 4}}}]}}"
        lines.append(
            f"  c{number}: {{within: {{by: risk, red: 1 wd, else: 10 cd}}, runs_in: [{leaf}], {at}, basis: s}}"
        )
    return lines
