"""Make a county of 100,000 households with 300,000 people to measure the archives on, and a list of 100,000 people.

The demo county is founded by the product's own actions, and so are its villages, groups, officers, links and bases of
villages; the rows of households are written by the columns, as fast as the database takes them, each in the shape in
which the actions would leave it: numbers sealed, words to be found by, a line of the ledger. Of every household there
are three people, two or three lines of its file, one visit. One in twenty has a helper.

`python manage.py shell -c 'from bench import archives; archives.fill(100_000)'` fills the database of the settings.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from bench.load import seal_lines, tidy
from bench.told import SEED, write_rows
from lianxin.kit.identity import id_check_character
from lianxin.kit.reference import new_reference
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import County, Office, Post, User
from lianxin.places import actions as places
from lianxin.places.models import Area
from lianxin.project.demo.year import make
from lianxin.record import actions as record
from lianxin.record.actions.household import person, words_of
from lianxin.record.models import Encounter, EncounterKind, Fact, FactKind, Household, Link, Resident, VillageFile
from lianxin.record.rules import Mode, Outcome, Presence, Tie

VOICES = 40  # of the demo county, which is only the ground here
VILLAGES, GROUPS, PEOPLE = 18, 4, 3  # of a town, of a village, of a household
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "桂建秀德玉长小春水金大月明国兰福梅贵满生根凤勇娥英华芳军平安庆云"
MARK = "BH"  # of numbers of the bench: no other number begins so
RELATIONS = ("户主", "配偶", "子")
ENDS = (
    *[(Mode.FACE, Outcome.MET)] * 16, (Mode.FACE, Outcome.ABSENT), (Mode.FACE, Outcome.AWAY),
    (Mode.FACE, Outcome.REFUSED), (Mode.PHONE, Outcome.MET),
)  # fmt: skip
HEADER = ("村名", "组别", "门牌号", "户主", "姓名", "与户主关系", "身份证号", "联系电话", "就业")


def fill(wanted: int) -> None:
    """This function will make a county with so many households."""
    begun, now = perf_counter(), timezone.localtime()
    call_command("migrate", interactive=False, verbosity=0)
    make(seed=SEED, voices=VOICES, until=now, tell=lambda done, total: None)
    print(f"founded after {perf_counter() - begun:.0f} s", flush=True)
    with transaction.atomic():
        groups, cadres = _settle(now - timedelta(days=300))
    _Homes(groups, cadres, wanted, now).write()
    tidy([Household, Resident, Fact, Encounter, Encounter.members.through, Event])
    seal_lines()
    counts = ", ".join(
        f"{model._default_manager.count():,} {model._meta.model_name}s" for model in (Household, Resident)
    )
    print(f"{counts}, {Event.objects.count():,} events in {perf_counter() - begun:.0f} s", flush=True)


def _settle(at: datetime) -> tuple[list[Area], dict[int, User]]:
    """This function will lay out villages and groups and engage a keeper for the county and a cadre per village."""
    hub = Office.objects.get(kind=Office.Kind.HUB)
    keeper = _engage("bench_keeper", "档案管理员", "archivist", hub, at)
    found, cadres = list[Area](), dict[int, User]()
    for town in Area.objects.filter(kind=Area.Kind.TOWN).order_by("pk"):
        office = Office.objects.filter(kind=Office.Kind.TOWN, jurisdictions__area=town).first()
        assert office
        villages = list(Area.objects.filter(parent=town, kind=Area.Kind.VILLAGE).order_by("pk"))
        for number in range(VILLAGES - len(villages)):
            name = f"{town.name[:2]}{GIVEN[number]}庄村"
            villages.append(
                places.add_area(name=name, kind=Area.Kind.VILLAGE, parent=town, by=None, at=at, source="bench")
            )
        for village in villages:
            cadre = _engage(f"bench_{village.pk}", "联村干部", "cadre", office, at)
            record.link(tie=Tie.VILLAGE, user=cadre, area=village, starts=at.date(), by=None, at=at)
            if not VillageFile.objects.filter(area=village).exists():
                record.open_village(village, by=keeper, at=at)
            groups = list(Area.objects.filter(parent=village, kind=Area.Kind.GROUP).order_by("pk"))
            for number in range(len(groups), GROUPS):
                name = f"{number + 1}组"
                groups.append(
                    places.add_area(name=name, kind=Area.Kind.GROUP, parent=village, by=None, at=at, source="bench")
                )
            found += groups
            cadres |= {group.pk: cadre for group in groups}
    return found, cadres


def _engage(key: str, title: str, role: str, office: Office, at: datetime) -> User:
    user = people.make_user(username=key, name=title, by=None, at=at, totp_required=False)
    post = people.open_post(office=office, title=title, role=role, by=None, at=at)
    people.appoint(post, holder=user, by=None, at=at)
    return user


class _Homes:
    """The households of the bench, drawn from one row of chances, and everything that hangs on them."""

    def __init__(self, groups: list[Area], cadres: dict[int, User], wanted: int, now: datetime) -> None:
        self.groups, self.cadres, self.wanted, self.now = groups, cadres, wanted, now
        self.rng, self.prefix, self.today = Random(SEED), County.now().prefix, now.date()
        self.first = {model: _above(model) for model in (Household, Resident, Fact, Encounter)}
        self.offices = dict(Post.objects.filter(holder__in=cadres.values()).values_list("holder", "office"))
        self.kinds = {kind.key: kind for kind in FactKind.objects.all()}
        self.kind = EncounterKind.objects.get(key="visit.household")
        self.given: set[str] = set()
        self.homes: list[Household] = []
        self.residents: list[list[Resident]] = []

    def write(self) -> None:
        """This function will write them, table by table."""
        self.homes = [self._home(n) for n in range(self.wanted)]
        self.residents = [[self._resident(n, one) for one in range(PEOPLE)] for n in range(self.wanted)]
        for home, living in zip(self.homes, self.residents, strict=True):
            home.grams = words_of(home, [each.name for each in living])
        with transaction.atomic():
            write_rows(Household, map(vars, self.homes))
            write_rows(Resident, (vars(each) for living in self.residents for each in living))
            write_rows(Fact, map(vars, self._facts()))
            visits = [self._visit(n) for n in range(self.wanted)]
            write_rows(Encounter, map(vars, visits))
            through = Encounter.members.through
            above = _above(through)
            rows = (
                {"id": above + n, "encounter_id": each.pk, "user_id": each.recorder_id} for n, each in enumerate(visits)
            )
            write_rows(through, rows)
            write_rows(Event, map(vars, self._lines()))
            Link.objects.bulk_create(self._helpers())

    def _home(self, n: int) -> Household:
        group, said = self.groups[n % len(self.groups)], self.rng.random()
        opened = self.now - timedelta(days=self.rng.randrange(60, 290))
        verified = opened + timedelta(days=self.rng.randrange(1, 60)) if said < 0.7 else None
        return Household(
            pk=self.first[Household] + n, number=self._number(MARK), area=group,
            door=f"{n // len(self.groups) + 1}号", called=self._name(), opened_at=opened, source="bench",
            presence=Presence.AWAY if said > 0.9 else Presence.LIVING, verified_at=verified,
            verified_by=self.cadres[group.pk] if verified else None, noticed_at=verified,
        )  # fmt: skip

    def _number(self, mark: str) -> str:
        number = new_reference(f"{self.prefix}{mark}", random=self.rng)
        while number in self.given:  # of a hundred thousand, one comes up twice every other time
            number = new_reference(f"{self.prefix}{mark}", random=self.rng)
        self.given.add(number)
        return number

    def _name(self) -> str:
        return self.rng.choice(SURNAMES) + self.rng.choice(GIVEN) + self.rng.choice(GIVEN)

    def _resident(self, n: int, one: int) -> Resident:
        home = self.homes[n]
        resident = person(
            home, name=home.called if one == 0 else home.called[0] + self._name()[1:], relation=RELATIONS[one],
            is_head=one == 0, sex="", born_on=None, identity=identity_of(n, one), identity_reason="",
            phone=phone_of(n) if one == 0 else "", is_registered=True, is_here=one < 2, politics="",
            health="慢性病" if self.rng.random() < 0.05 else "", today=self.today,
        )  # fmt: skip
        resident.pk = self.first[Resident] + n * PEOPLE + one
        return resident

    def _facts(self) -> Iterator[Fact]:
        pk = self.first[Fact]
        for home, living in zip(self.homes, self.residents, strict=True):
            wanted = [self.rng.choice(("farm", "away")), "medical"]
            wanted += [self.rng.choice(("jobless", "ill", "school"))] if self.rng.random() < 0.1 else []
            for key in wanted:
                yield Fact(pk=pk, household=home, resident=living[0], kind=self.kinds[key], at=home.opened_at)
                pk += 1

    def _visit(self, n: int) -> Encounter:
        home, (mode, outcome) = self.homes[n], self.rng.choice(ENDS)
        cadre = self.cadres[home.area_id]
        at = self.now - timedelta(days=self.rng.randrange(1, 300), minutes=self.rng.randrange(500))
        return Encounter(
            pk=self.first[Encounter] + n, kind=self.kind, number=self._number("BV"),
            starts_at=at, recorded_at=at, submitted_at=at, mode=mode, outcome=outcome, area_id=home.area_id,
            household=home, office_id=self.offices[cadre.pk], recorder=cadre,
            notes="看了家里情况，问了收入和身体。" if outcome == Outcome.MET else "",
        )  # fmt: skip

    def _lines(self) -> Iterator[Event]:
        pk = _above(Event)
        for n, home in enumerate(self.homes):
            yield Event(
                pk=pk + n, verb="household.listed", kind="record.household", key=home.pk, label=home.number,
                at=home.opened_at, recorded_at=self.now, data={"people": PEOPLE},
            )  # fmt: skip

    def _helpers(self) -> Iterator[Link]:
        for home in self.homes[::20]:
            cadre = self.cadres[home.area_id]
            yield Link(
                tie=Tie.HELPER, user=cadre, office_id=self.offices[cadre.pk], household=home, starts=self.today
            )  # fmt: skip


def identity_of(n: int, one: int) -> str:
    """This function will give a sound identity number that no other person of the bench has, and no real one."""
    serial, day = divmod(n * PEOPLE + one, 29_000)
    body = f"990099{date(1940, 1, 1) + timedelta(days=day):%Y%m%d}{serial:03d}"
    return body + id_check_character(body)


def phone_of(n: int) -> str:
    """This function will give the telephone of a household."""
    return f"199{n:08d}"


def write_list(path: str, people: int) -> None:
    """This function will write a list of so many people of households that are not there yet, as offices keep them."""
    rng, n = Random(SEED + 1), 0
    groups = list(
        Area.objects.filter(kind=Area.Kind.GROUP, parent__kind=Area.Kind.VILLAGE)
        .order_by("pk")
        .select_related("parent")
    )
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for n in range(-(-people // PEOPLE)):
            group = groups[n * len(groups) * PEOPLE // people % len(groups)]
            head = rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)
            for one in range(min(PEOPLE, people - n * PEOPLE)):
                name = head if one == 0 else head[0] + rng.choice(GIVEN) + rng.choice(GIVEN)
                work = rng.choice(("务农", "外出务工", ""))
                phone = phone_of(50_000_000 + n) if one == 0 else ""
                out.writerow(
                    [group.parent.name if group.parent else "", group.name, f"新{n + 1}号", head, name, RELATIONS[one],
                     identity_of(500_000 + n, one), phone, work]
                )  # fmt: skip


def _above(model: type[models.Model]) -> int:
    """This function will give the first number above all that are there."""
    return 1 + int(model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0)
