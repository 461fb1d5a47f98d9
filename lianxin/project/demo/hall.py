"""The hall of the demo county: windows, plans and numbers of the last days, appointments, duties, files lent out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from lianxin.kit.clock import ZONE
from lianxin.people import actions as people
from lianxin.people.models import Office, Post, Shift, User, calendar_now
from lianxin.project.demo.accounts import PASSWORD
from lianxin.project.demo.staff import Staff, name_of
from lianxin.serve.actions import appointment, care, duty, hall, line, loan, reception, roster
from lianxin.serve.models import Function, Hall, Line, Service, Slot, Turn, Window
from lianxin.serve.rules.hall import Sitting
from lianxin.serve.rules.line import Reason

BASIS = "云溪县政务服务大厅管理办法（2026）"
LATELY = 4  # working days before the last one whose numbers are shown


@dataclass
class Town:
    """The hall with its people, as the story needs them."""

    office: Office
    hall: Hall
    lines: list[Line]
    windows: list[Window]
    keeper: User
    clerks: list[User]


def open_doors(rng: Random, staff: Staff, begun: datetime, until: datetime) -> None:
    """Open the hall at `begun`, let people come in the last days before `until`, and lend some files."""
    town = _build(staff, begun)
    days = _workdays(until)
    for day in days:
        _plan(town, day)
        _serve(rng, town, day, until)
    _plan(town, _next_workday(until.date()), at=until)
    _appointments(rng, town, until)
    _duties(staff, town, days, until)
    _receptions(town.clerks[0], until)
    _files(staff, until)
    _care(town, until)


def _build(staff: Staff, at: datetime) -> Town:
    top = staff.offices["leadership"]
    office = staff.offices.get("hall") or people.open_office(
        name="县政务服务大厅", kind=Office.Kind.AGENCY, parent=top, by=None, at=at, phone="0917-12345",
        address="云溪县城关街道中心路8号一楼",
    )  # fmt: skip
    staff.offices["hall"] = office
    keeper = _engage(staff, "hall", "大厅主任", "hall_keeper", office, at)
    homes = ("medical", "medical", "labour", "hall")
    clerks = [
        _engage(staff, key, "窗口人员", "clerk", staff.offices[home], at)
        for key, home in zip(("window", "window2", "window3", "window4"), homes, strict=True)
    ]
    made = hall.open_hall(office=office, place="中心路8号一楼", basis=BASIS, by=keeper, at=at)
    codes = {key: _codes(staff.offices[key], at.date()) for key in ("medical", "labour")}
    lines = [
        hall.open_line(made, letter=letter, name=name, codes=codes.get(key, []), by=keeper, at=at)
        for letter, name, key in (("A", "医保", "medical"), ("B", "社保就业", "labour"), ("C", "综合", ""))
    ]
    for clerk in clerks:
        for code in sorted({*codes["medical"], *codes["labour"]}):
            hall.certify(clerk=clerk, code=code, assessment="跟岗一个月，考试合格", by=keeper, at=at)
    windows = [
        hall.set_window(made, number=n, name=f"{served.name}窗口", lines=[served, lines[2]], opens=time(9),
                        closes=time(17), by=keeper, at=at)
        for n, served in enumerate(lines, start=1)
    ]  # fmt: skip
    return Town(office, made, lines, windows, keeper, clerks)


def _codes(office: Office, day: date) -> list[str]:
    """Return the numbers of the services that this office has in the catalogue."""
    return list(Service.objects.live(day).filter(office=office).values_list("number", flat=True)[:8])


def _engage(staff: Staff, key: str, title: str, role: str, office: Office, at: datetime) -> User:
    if key in staff.officers:
        return staff.officers[key]
    user = people.make_user(username=key, name=name_of(len(staff.officers)), by=None, at=at, totp_required=False)
    if key in ("hall", "window", "archive"):
        people.set_password(user, password=PASSWORD, by=user, at=at)
    post = people.open_post(office=office, title=title, role=role, by=None, at=at)
    staff.officers[key], staff.posts[key] = user, people.appoint(post, holder=user, by=None, at=at)
    return user


def _workdays(until: datetime) -> list[date]:
    """Return the last working days, the day itself last if people work on it and the hall has opened."""
    calendar, found, day = calendar_now(), list[date](), until.date()
    while len(found) <= LATELY:
        if calendar.is_workday(day) and (day < until.date() or until.time() > time(9, 30)):
            found.insert(0, day)
        day -= timedelta(days=1)
    return found


def _next_workday(day: date) -> date:
    day += timedelta(days=1)
    while not calendar_now().is_workday(day):
        day += timedelta(days=1)
    return day


def _plan(town: Town, day: date, at: datetime | None = None) -> None:
    """Let a fourth clerk relieve the others one after the other at noon, so that windows stay open and all can eat."""
    relief = [(time(11, 45), time(12, 30)), (time(12, 30), time(13, 15)), (time(11), time(11, 45))]
    sittings = []
    for window, clerk, (begin, end) in zip(town.windows, town.clerks, relief, strict=False):
        sittings += [
            Sitting(window.pk, clerk.pk, time(9), begin),
            Sitting(window.pk, town.clerks[3].pk, begin, end),
            Sitting(window.pk, clerk.pk, end, time(17)),
        ]
    roster.plan(town.hall, day=day, sittings=sittings, by=town.keeper, at=at or _at(day, 8, 30))


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def _serve(rng: Random, town: Town, day: date, until: datetime) -> None:
    """Let people come all day; what is later than `until` has not happened yet."""
    free = {window.pk: _at(day, 9, 0) for window in town.windows}
    moment = _at(day, 9, 2)
    while moment < min(_at(day, 16, 40), until):
        queue = rng.choice(town.lines)
        reason = rng.choices(list(Reason), [12, 4, 1, 2, 1])[0]
        line.take_ticket(queue, reason=reason, at=moment)
        window = min(queue.windows.all(), key=lambda each: free[each.pk])
        called = max(moment + timedelta(minutes=rng.randrange(1, 4)), free[window.pk])
        if called < until:
            free[window.pk] = _finish(rng, window, called, until)
        moment += timedelta(minutes=rng.randrange(6, 20))


def _finish(rng: Random, window: Window, called: datetime, until: datetime) -> datetime:
    """Call somebody, serve, and return when the window is free again."""
    clerk = Turn.objects.at(called).filter(window=window).select_related("clerk").get().clerk
    ticket = line.call_next(window, by=clerk, at=called)
    if rng.random() < 0.06:
        line.miss(ticket, by=clerk, at=min(called + timedelta(minutes=2), until))
        return called + timedelta(minutes=2)
    line.attend(ticket, by=clerk, at=called)
    done = called + timedelta(minutes=rng.randrange(4, 15))
    if done >= until or done.time() >= time(17):
        return until + timedelta(days=1)
    line.conclude(ticket, by=clerk, at=done)
    return done


def _appointments(rng: Random, town: Town, until: datetime) -> None:
    first = until.date() + timedelta(days=1)
    for queue in town.lines:
        appointment.open_slots(
            queue, first=first, last=first + timedelta(days=13), minutes=30, capacity=3, by=town.keeper, at=until
        )
    slots = list(Slot.objects.free(until)[:40])
    for number, slot in enumerate(rng.sample(slots, 9)):
        appointment.book(slot, name="赵钱孙李周吴郑王冯"[number] + "大姐", phone=f"1990000{7100 + number}", at=until)


def _duties(staff: Staff, town: Town, days: list[date], until: datetime) -> None:
    leaders = [
        _engage(staff, f"duty{n}", title, "local_leader", staff.offices[home], _at(days[0], 8, 0))
        for n, (title, home) in enumerate((("医保局副局长", "medical"), ("人社局副局长", "labour")))
    ]
    for number, day in enumerate([*days, _next_workday(until.date())]):
        leader, start = leaders[number % 2], _at(day, 9, 0)
        shift = people.roster(
            duty=Shift.Duty.LEADER, user=leader, office=town.office, starts=start, ends=start.replace(hour=12),
            by=None, at=_at(days[0], 8, 0),
        )  # fmt: skip
        if number == 1 or start + timedelta(hours=2) > until:
            continue  # one duty was not served, and shows; the last has not come yet
        log = duty.come_on_duty(shift, by=leader, at=start)
        if number % 2 == 0:
            duty.hear_on_duty(
                log, text="大厅的叫号声音太小，后排听不见。", decision="当天调高音量，加一块显示屏。", competence=BASIS,
                by=leader, at=start + timedelta(minutes=40),
            )  # fmt: skip
        duty.leave_duty(log, handover="综合窗口中午排队的人多，请留意。", by=leader, at=start + timedelta(hours=2))


def _care(town: Town, until: datetime) -> None:
    first, second = town.clerks[0], town.clerks[2]
    for text, instead in (
        ("不知道", "请稍等，我帮您问清楚"),
        ("没看见我正忙着吗", "请您稍等，马上就好"),
        ("你问我，我问谁", "我带您去问"),
    ):
        care.add_phrase(kind="never", text=text, instead=instead, source="云溪县窗口服务规范", by=town.keeper, at=until)
    asked = care.be_asked(
        town.hall,
        matter="人事档案外借找谁办",
        told="人才中心，二楼，找档案管理员",
        by=first,
        at=until - timedelta(hours=5),
    )
    care.hand_over(asked, to=second, by=first, at=until - timedelta(hours=4))
    for number, matter in enumerate(("养老待遇资格认证", "医保报销代收材料")):
        visit = care.ask_home(
            town.hall, name=f"{'郑王'[number]}奶奶", phone=f"1990000722{number}", address="城关街道东街社区",
            reason=Reason.OLD, matter=matter, relation="女儿", at=until - timedelta(days=1),
        )  # fmt: skip
        if number == 0:
            when = _at(_next_workday(until.date()), 15, 0)
            care.plan_home(visit, planned_for=when, team=[first, second], by=town.keeper, at=until)


def _receptions(first: User, until: datetime) -> None:
    """Receive some people with several matters each; some come again."""
    functions = list(Function.objects.order_by("place"))
    said = (
        "厂里停工，想申请困难补助", "退休年龄怎么算", "想找律师问工伤赔偿",
        "欠薪两个月，想调解", "上次反映的事没有回音", "想找份近一点的活",
    )  # fmt: skip
    for number in range(8):
        at = until - timedelta(days=8 - number, hours=3)
        chosen = [functions[(number + step) % len(functions)] for step in range(1 + number % 3)]
        made = reception.receive_person(
            name=f"{'赵钱孙李周'[number % 5]}师傅", phone=f"1990000733{number % 5}",
            matters=[(function, said[function.place - 1]) for function in chosen], by=first, at=at,
        )  # fmt: skip
        for matter in made.matters.order_by("id")[: number % 3]:
            outcome = matter.function.outcomes[0]
            reception.settle_matter(
                matter, outcome=outcome, told="已向本人说明。", by=first, at=at + timedelta(minutes=40)
            )


def _files(staff: Staff, until: datetime) -> None:
    """Lend personnel files: first the deputy director signed, then the director of the talent centre does (2026)."""
    office, begun = staff.offices["labour"], until - timedelta(days=90)
    clerk = _engage(staff, "archive", "档案管理员", "reviewer", office, begun)
    deputy = _engage(staff, "loan_deputy", "分管副局长", "local_leader", office, begun)
    director = _engage(staff, "loan_director", "人才中心主任", "local_leader", office, begun)
    posts: dict[str, Post] = staff.posts
    loan.set_loan_rule(office, approver=posts["loan_deputy"], days=7, basis="人事档案外借办法（旧）", by=None, at=begun)
    changed = until - timedelta(days=30)
    _lend(office, clerk, deputy, "RS-0001", begun + timedelta(days=5), until)
    loan.set_loan_rule(
        office, approver=posts["loan_director"], reviewer=posts["loan_deputy"], delegated=True, days=7,
        basis="优化人事档案外借流程的通知", by=None, at=changed,
    )  # fmt: skip
    for number, ago in enumerate((26, 19, 12, 6, 2), start=2):
        _lend(office, clerk, director, f"RS-{number:04d}", until - timedelta(days=ago), until, stays=number == 4)
    for weeks in (4, 3, 2):
        loan.review_loans(office, week=until.date() - timedelta(weeks=weeks), by=deputy, at=until, remark="已核对。")


def _lend(
    office: Office, clerk: User, signer: User, file_no: str, at: datetime, until: datetime, *, stays: bool = False
) -> None:  # fmt: skip
    asked = loan.ask_loan(
        office, file_no=file_no, subject="档案本人", unit="县教育局", borrower="借阅经办人", phone="19900007777",
        purpose="干部考察，核对经历", by=clerk, at=at,
    )  # fmt: skip
    signed = loan.sign_loan(asked, granted=True, by=signer, at=at + timedelta(hours=1))
    lent = loan.lend(signed, pages=86, by=clerk, at=at + timedelta(hours=2))
    back = at + timedelta(days=4)
    if not stays and back < until:
        loan.return_loan(lent, pages=86, condition="完好", by=clerk, at=back)
