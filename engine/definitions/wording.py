"""A definition in words, in one language: titles, people, lengths of time, marks, effects."""

from collections.abc import Iterable

from engine.definitions.model import (
    Ask,
    Definition,
    Effect,
    FireEffect,
    LinkEffect,
    NoticeEffect,
    OpenEffect,
    PurgeEffect,
    RemindEffect,
    SealEffect,
    SeatEffect,
    SetEffect,
    TableRef,
    Transition,
    Tree,
    UnseatEffect,
    Vocabulary,
)
from engine.definitions.outline import Outline
from engine.domain.duration import Duration, Mark
from engine.domain.errors import UsageError
from engine.domain.messages import text

_SPECIAL = ("party", "anyone", "reporter", "system", "superior")
_ASKED = {"": "{name}", "?": "term.optional", "+": "term.several", "*": "term.any_number"}


class Wording:
    """Every method gives words in ``lang``; names nobody knows stay as they are."""

    def __init__(self, outline: Outline, *, lang: str = "en", vocabulary: Vocabulary | None = None) -> None:
        self.outline, self.lang, self.vocabulary = outline, lang, vocabulary
        self.definition: Definition = outline.definition

    def word(self, name: str, /, **params: object) -> str:
        return text(name, self.lang, **params)

    def listed(self, words: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(words)

    # ---- titles --------------------------------------------------------------------------------

    def _title(self, path: str, own: str | None, name: str) -> str:
        return self.definition.text(f"{path}.title", self.lang, own or name.replace("_", " "))

    def case_type(self) -> str:
        return self.definition.text("title", self.lang, self.definition.title)

    def state(self, name: str) -> str:
        if name in ("any", "stay", "back"):
            return self.word(f"term.{name}")
        spec = self.outline.specs.get(name)
        return self._title(f"states.{name}", spec.title if spec else None, name)

    def states(self, names: Iterable[str]) -> str:
        return self.listed(self.state(name) for name in names)

    def act(self, trigger: str) -> str:
        _, written = self.outline.triggers.get(trigger, ("", ()))
        generated = self.outline.generated.get(trigger)
        if generated is not None and not written:
            subject = self.clock if generated.kind == "extend" else self.fact
            return self.word(f"generated.{generated.kind}", subject=subject(generated.subject))
        own = next((t.title for t in written if t.title), None)
        return self._title(f"transitions.{trigger}", own, trigger)

    def transition(self, transition: Transition) -> str:
        """The title of an act, or of an ``as_soon_as`` (its name, else empty)."""
        if transition.trigger is not None:
            return self.act(transition.trigger)
        if transition.name is not None:
            return self._title(f"transitions.{transition.name}", transition.title, transition.name)
        return transition.title or ""

    def clock(self, name: str) -> str:
        spec = self.definition.clocks.get(name)
        return self._title(f"clocks.{name}", spec.title if spec else None, name)

    def outcome(self, name: str) -> str:
        spec = self.definition.outcomes.get(name)
        return self._title(f"outcomes.{name}", spec.title if spec else None, name)

    def track(self, name: str) -> str:
        spec = self.definition.tracks.get(name)
        return self._title(f"tracks.{name}", spec.title if spec else None, name)

    def fact(self, name: str) -> str:
        """A field, record, seat, party field or ``note``."""
        definition = self.definition
        if name in definition.fields:
            return self._title(f"fields.{name}", definition.fields[name].title, name)
        if name in definition.records:
            return self._title(f"records.{name}", definition.records[name].title, name)
        if name in definition.parties.fields:
            return self._title(f"parties.fields.{name}", definition.parties.fields[name].title, name)
        if name in self.outline.seats:
            return self.seat(name)
        return self.word(f"term.{name}") if name in ("note", "case") else name.replace("_", " ")

    def seat(self, name: str) -> str:
        spec = self.outline.seats.get(name)
        default = self.word("term.handler") if name == "handler" else name
        return self._title(f"seats.{name}", spec.title if spec else None, default)

    def rule(self, name: str) -> str:
        """The reason of a rule, as a refusal quotes it."""
        rule = self.definition.rules.get(name)
        return self.definition.text(f"rules.{name}.because", self.lang, rule.because if rule else name)

    # ---- people --------------------------------------------------------------------------------

    def who(self, name: str) -> str:
        if name in _SPECIAL:
            return self.word(f"who.{name}")
        role, _, level = name.partition("@")
        if role in self.outline.seats:
            return self.seat(role)
        if role in self.definition.parties.roles:
            return self._title(f"parties.roles.{role}", self.definition.parties.roles[role].title, role)
        title = self._shared("roles", role)
        return self.word("who.at", role=title, level=self._shared("levels", level)) if level else title

    def people(self, names: Iterable[str]) -> str:
        return self.listed(self.who(name) for name in names)

    def _shared(self, section: str, name: str) -> str:
        known = getattr(self.vocabulary, section, {}) if self.vocabulary else {}
        named = known.get(name)
        if named is None:
            return name.replace("_", " ")
        return str(named.zh if self.lang == "zh" and named.zh else named.title)

    def form(self, name: str) -> str:
        return self._shared("forms", name)

    def link(self, name: str) -> str:
        return self._shared("links", name)

    def milestone(self, name: str) -> str:
        return self._title(f"milestones.{name}", self._shared("milestones", name), name)

    def activity(self, name: str) -> str:
        return self._shared("activities", name)

    # ---- lengths, values, marks ----------------------------------------------------------------

    def duration(self, written: str) -> str:
        """``30 cd`` as "30 days"; anything else as it stands."""
        try:
            length = Duration.parse(written)
        except UsageError:
            return self._named_value(written)
        one = text(f"unit.one.{length.unit}", self.lang)
        if length.n == 1 and one != f"unit.one.{length.unit}":
            return one
        return self.word(f"unit.{length.unit}", n=length.n)

    def _named_value(self, written: str) -> str:
        if written.startswith("param."):
            return self.word("term.param", name=written.removeprefix("param."))
        return self.fact(written) if written in self.definition.fields else written

    def value(self, value: object) -> str:
        """A value that may branch, on one line."""
        if isinstance(value, Tree):
            parts = [
                f"{self._option(value.by, option)} {self.value(inner)}"
                for option, inner in value.options.items()
            ]
            if value.has_else:
                parts.append(self.word("term.else", value=self.value(value.otherwise)))
            by = self.word("term.by", fact=self.fact(value.by))
            return f"{by}{':' if self.lang == 'zh' else ': '}{self.listed(parts)}"
        if isinstance(value, TableRef):
            return self.word("term.table", seat=self.seat(value.table), other=self.value(value.otherwise))
        if isinstance(value, tuple):
            return self.places(value)
        return self.duration(value) if isinstance(value, str) else str(value).lower()

    def within(self, value: object) -> str:
        """As :meth:`value`, a parameter being followed to what stands under it."""
        name = value.removeprefix("param.") if isinstance(value, str) else ""
        if name != value and name in self.definition.params:
            return self.value(self.definition.params[name])
        return self.value(value)

    def _option(self, field: str, option: str) -> str:
        return self.definition.text(f"fields.{field}.{option}", self.lang, option.replace("_", " "))

    def places(self, places: tuple[object, ...]) -> str:
        """Who signs: every place, a group being one of several."""
        return self.listed(
            self.word("term.one_of", names=self.people(map(str, place)))
            if isinstance(place, tuple)
            else self.who(str(place))
            for place in places
        )

    def mark(self, written: str) -> str:
        mark = Mark.parse(written)
        if mark.kind == "percent":
            return self.word("mark.percent", percent=mark.percent)
        if mark.kind == "due":
            return self.word("mark.due")
        name = {"after": "mark.after", "before_due": "mark.before", "after_due": "mark.past"}[mark.kind]
        return self.word(name, length=self.duration(str(mark.length)))

    def ask(self, ask: Ask) -> str:
        name = self.fact(ask.name)
        return name if ask.mark == "" else self.word(_ASKED[ask.mark], name=name)

    # ---- effects -------------------------------------------------------------------------------

    def effect(self, effect: Effect) -> str:
        match effect:
            case SetEffect():
                values = self.listed(f"{self.fact(name)} = {cel}" for name, cel in effect.values.items())
                return self.word("effect.set", values=values)
            case FireEffect(on=None):
                return self.word("effect.fire", act=self.act(effect.trigger))
            case FireEffect():
                link = self.link(effect.on or "")
                word = f"effect.fire_{effect.deadlines or 'on'}"
                return self.word(word, act=effect.trigger, link=link)
            case SeatEffect():
                return self.word(f"effect.seat_{effect.by}", seat=self.seat(effect.seat))
            case UnseatEffect():
                return self.word("effect.unseat", seat=self.seat(effect.seat))
            case _:
                return self._outward(effect)

    def _outward(self, effect: Effect) -> str:
        """Effects that reach beyond the case's own state."""
        match effect:
            case OpenEffect():
                link = self.link(effect.link)
                return self.word("effect.open", case_type=effect.case_type, link=link)
            case LinkEffect():
                link = self.link(effect.link)
                return self.word("effect.link", fact=self.fact(effect.case), link=link)
            case NoticeEffect():
                to = self.people(effect.to)
                return self.word("effect.notice", form=self.form(effect.form), to=to)
            case RemindEffect():
                return self.word("effect.remind", to=self.people(effect.to))
            case SealEffect():
                return self.word("effect.seal", target=self.fact(effect.target))
            case PurgeEffect():
                return self.word("effect.purge", facts=self.listed(map(self.fact, effect.facts)))
            case _:
                raise ValueError(f"no words for {effect!r}")

    def effects(self, effects: Iterable[Effect]) -> str:
        return ("；" if self.lang == "zh" else "; ").join(self.effect(effect) for effect in effects)
