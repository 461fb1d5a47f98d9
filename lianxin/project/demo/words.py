"""What the invented people of the demo county say, composed from parts so that no two sound alike."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

WHEN = [
    "从上个月起",
    "这半个月",
    "入冬以来",
    "连着一个多星期",
    "今年开春以后",
    "最近几天",
    "国庆节前后",
    "差不多半年了",
    "昨天晚上",
]
ASK = [
    "希望有人来看一看。",
    "请帮忙协调一下。",
    "盼着早点解决。",
    "能不能给个准话？",
    "麻烦你们了。",
    "请给个答复。",
    "大家都等着。",
]
WHO = [
    "老人孩子都不方便",
    "左邻右舍都这么说",
    "我们这一排十几户",
    "家里有八十多岁的老人",
    "上夜班的人最受影响",
    "孩子上学每天都要经过",
    "开小店的生意也受影响",
]


@dataclass(frozen=True)
class Theme:
    """One kind of matter: its subject, who leads, and the words for its whole road."""

    subject: str
    office: str
    kind: str
    level: str
    title: str  # {village}
    said: list[str]
    found: list[str]
    done: list[str]
    weight: int = 3


THEMES = [
    Theme(
        "停水水压", "water", "problem", "village", "{village}晚上供水不足",
        ["{when}，{village}每天晚上六点到九点四楼以上基本没水，做饭洗澡都成问题。", "{village}{when}水压很小，水龙头只滴水。", "{village}{when}停了三次水，都没有提前通知。"],
        ["加压泵老化，高峰时压力不够", "主管道有一处暗漏", "阀门检修后没有全部打开"],
        ["更换了加压泵，晚高峰水压恢复正常", "挖开漏点更换了管道，已恢复正常供水", "重新调整了阀门，并把停水通知改为提前一天"], 6,
    ),
    Theme(
        "路灯照明", "urban", "problem", "village", "{village}进村路的路灯不亮",
        ["{village}进村那段路的路灯{when}就不亮了，晚上接孩子很危险。", "{village}有七八盏路灯坏了没人修，天黑以后看不见路。"],
        ["线路老化短路", "控制箱进水"], ["更换了线路和十二盏灯，当晚全部亮灯", "修好了控制箱，路灯恢复照明"], 5,
    ),
    Theme(
        "道路破损", "roads", "problem", "group", "{village}通组路坑洼难行",
        ["{village}的通组路{when}被大车压坏了，坑洼积水，摩托车摔过两回。", "去{village}的水泥路塌了一块，{when}只能绕行。"],
        ["超限车辆通行，路基沉陷", "雨后边坡冲刷"], ["回填并硬化了一百二十米路面，限高架已立", "砌了挡墙，路面恢复通行"], 5,
    ),
    Theme(
        "噪声油烟", "urban", "problem", "group", "{village}夜间施工噪声扰民",
        ["{village}旁边的搅拌站{when}凌晨两点还在打料，窗户上一层灰，睡不着。", "{village}楼下烧烤摊{when}油烟直往屋里灌，半夜还在喝酒划拳。"],
        ["夜间无证施工", "没有安装油烟净化设备"], ["责令二十二时以后停工，并安装喷淋", "摊点已进店经营，装了油烟净化器"], 5,
    ),
    Theme(
        "垃圾清运", "urban", "problem", "village", "{village}垃圾清运不及时",
        ["{village}路口的垃圾桶{when}满出来没人拉，天一热味道很大。", "{village}的垃圾池{when}三四天才清一次，苍蝇很多。"],
        ["清运班次不够", "车辆维修期间没有替班"], ["改为每天清运一次，增设四个垃圾桶", "补上了替班车辆，已清理干净"], 4,
    ),
    Theme(
        "养老保险", "labour", "consult", "person", "退休手续要带什么材料",
        ["我今年到龄，听邻居说办退休手续要好几天，想问需要带什么材料，能不能一次办完。", "我以前在两个单位交过社保，{when}去办说记录对不上，不知道找谁。", "我父亲的养老金资格认证，人在外地怎么办？"],
        ["本人两段缴费记录没有合并"], ["已合并缴费记录，一次办完，下月起领取", "告知材料清单，可以网上办理"], 4,
    ),
    Theme(
        "医保报销", "medical", "consult", "person", "异地住院医保报销问题",
        ["我母亲在外地住院，{when}拿单子回来报销，说要补材料，跑了两趟。", "慢性病的药在村卫生室能不能报？{when}去问说法不一样。"],
        ["备案信息没有录入"], ["补录了备案，报销款已到账", "已明确可在村卫生室报销，并张贴了告示"], 3,
    ),
    Theme(
        "拖欠工资", "labour", "appeal", "person", "{village}工地拖欠工资",
        ["我们二十几个人在{village}的工地干活，{when}工资一直没发，年底要用钱。", "在{village}旁边的厂里上班，{when}押了两个月工资。"],
        ["总包没有按月把工资打进专户"], ["责令企业补发，二十三人工资已全部到账", "立案后企业补发了两个月工资"], 4,
    ),
    Theme(
        "培训创业", "labour", "suggestion", "society", "多办几期电工培训",
        ["上次电工培训报名晚了没赶上，年轻人想学门手艺，能不能多办几期。", "建议把培训办到{village}来，在家带孩子的妇女也能参加。"],
        ["培训名额不足"], ["加开两期，并送课到村", "采纳建议，下个月在村里开班"], 3,
    ),
    Theme(
        "入学转学", "education", "consult", "household", "随迁子女转学问题",
        ["我们刚搬到{village}，孩子要转学，{when}跑了两个学校都说满了。", "户口在外地，在{village}租房，孩子能不能就近入学？"],
        ["片区学位紧张，没有统筹"], ["统筹安排到邻近学校，已办好转学", "符合条件，秋季可以就近入学"], 3,
    ),
    Theme(
        "惠农补贴", "farming", "problem", "household", "{village}种粮补贴没有到账",
        ["{village}有几户的种粮补贴{when}没有到账，别的组都发了。", "农机补贴的单子交上去了，{when}没有消息。"],
        ["账号登记错了一位", "资料漏报"], ["更正账号后已补发", "补报资料，补贴已发放"], 3,
    ),
    Theme(
        "土地承包", "land", "problem", "household", "{village}地界不清引起纠纷",
        ["{village}我家和邻居的地界说不清，{when}吵了几回，请来量一量。", "承包地确权证上的面积和实际对不上，请核实。"],
        ["确权时漏测一块"], ["现场复测立了界桩，双方签字认可", "重新测量，已更正登记"], 2,
    ),
    Theme(
        "物业管理", "housing", "problem", "group", "{village}小区电梯经常停",
        ["{village}小区的电梯{when}停了四次，{who}，物业说没有维修基金。", "{village}小区消防通道堆满了东西，物业不管。"],
        ["维修基金没有启动", "物业巡查不到位"], ["启动应急维修，电梯已更换主板", "清理了通道，每周巡查公示"], 4,
    ),
    Theme(
        "污水河道", "environment", "problem", "village", "{village}河沟发黑发臭",
        ["{village}门口那条沟{when}又黑又臭，上游有人往里排水。", "{village}{when}下雨就积水，下水道堵了。"],
        ["上游养殖户直排", "管网淤堵"], ["查封排口并清淤三百米，水质转好", "疏通了管网，雨后不再积水"], 4,
    ),
    Theme(
        "停电电压", "power", "problem", "village", "{village}电压不稳经常跳闸",
        ["{village}{when}一到做饭时间就跳闸，空调根本带不起来。", "{village}{when}没打招呼就停电，冰箱里的东西都坏了。"],
        ["变压器容量不够", "检修没有提前通知"], ["更换了大容量变压器", "改为提前三天通知，并缩短了检修时间"], 3,
    ),
]  # fmt: skip

PROGRESS = [
    "已到现场看过，正在备料。",
    "施工队已经进场，预计两天完成。",
    "和村里一起商量了办法，正在落实。",
    "材料已经下单，后天到货。",
]
RETURNS = [
    "现场看过，管道属于小区内部，按职责应由物业主管部门牵头。",
    "该路段是县道，不归本单位管养。",
    "经查不在本单位职责范围内，建议由主管部门牵头。",
]
EXTENSIONS = [
    "配件要从外地调运，按现在的进度赶不上。",
    "连续下雨，路面不能施工。",
    "需要两家企业共同出资，还在签协议。",
]
SUSPENSIONS = ["须等上级资金计划下达后施工。", "涉诉，待法院判决后继续。"]
FINDINGS = ["现场看过，情况属实。", "给三户打了电话，都说好了。", "到点位看了，和报告一致。"]
MISMATCHES = ["现场看还有两处没弄好。", "打电话问，住户说晚上还是老样子。"]
PRAISE = ["没想到这么快，谢谢。", "来了好几趟，态度也好。", "解决了，大家都知道了。", "说到做到。"]
BLAME = ["又坏了，还是没解决。", "说修好了，晚上还是一样。", "只来看了一眼就走了。"]


def speak(rng: Random, theme: Theme, village: str) -> str:
    """Compose what one person says about the theme."""
    words = rng.choice(theme.said).format(when=rng.choice(WHEN), village=village, who=rng.choice(WHO))
    if rng.random() < 0.55:
        words += rng.choice(WHO) + "。"
    if rng.random() < 0.35:
        words = f"您好，我是{village}的。" + words
    return words + rng.choice(ASK)


def pick(rng: Random) -> Theme:
    """Choose a theme as often as it comes up."""
    return rng.choices(THEMES, [theme.weight for theme in THEMES])[0]
