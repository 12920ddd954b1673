"""Invented companies: sellers by line of business, and buyers of several sorts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from pifa.demo.vocabulary.categories import TopCategory, top_category
from pifa.demo.vocabulary.chance import between, chance, pick
from pifa.demo.vocabulary.goods import kind
from pifa.demo.vocabulary.people import PersonSpec, make_licence, make_person, spelled
from pifa.demo.vocabulary.places import BELT, CITIES, AddressSpec, City, make_address


@dataclass(frozen=True, slots=True)
class Line:
    """A line of business: what its companies are called and which kinds of goods they sell.

    `market_share` weighs how many of the market's sellers belong to it, against the other lines.
    """

    key: str
    name: str
    suffixes: tuple[str, ...]
    name_en: str
    kinds: tuple[str, ...]
    market_share: int

    @property
    def top_category(self) -> TopCategory:
        """The shop's main category: that of the line's first kind."""
        return top_category(kind(self.kinds[0]).category)


# key | name | company suffixes | English | kinds | share
_LINES = """
fasteners   | 紧固件   | 紧固件 标准件 五金制品   | Fasteners  | hex-bolt hex-nut flat-washer self-tapping-screw | 8
bearings    | 轴承     | 轴承 传动机械           | Bearings   | ball-bearing timing-belt | 5
tools       | 五金工具 | 工具 五金工具           | Tools      | wrench screwdriver pliers drill-bit | 5
door        | 门窗五金 | 门控五金 锁业           | Door Hardware | door-handle | 2
furniture   | 家具     | 家具 家居               | Furniture  | dining-chair | 3
bags-post   | 包装袋   | 包装制品 塑料包装       | Packaging  | courier-bag bubble-wrap packing-tape | 6
cartons     | 纸箱     | 纸制品 纸箱包装         | Paper Products | carton kraft-box | 4
lighting    | 照明     | 照明科技 光电           | Lighting   | led-bulb downlight high-bay-light street-light | 5
electrical  | 电工     | 电工 电线电缆           | Electrical | cable wall-socket wall-switch | 4
protection  | 劳保     | 劳保用品 安全防护       | Safety     | safety-gloves safety-helmet | 3
security    | 安防     | 安防科技                | Security   | cctv-camera | 2
components  | 电子元件 | 电子 电子元件           | Electronics | resistor capacitor | 3
seals       | 密封件   | 橡塑 密封件             | Seals      | o-ring pvc-fitting | 4
chemicals   | 化工     | 化工 新材料             | Chemicals  | chemical-drum | 2
adhesives   | 胶粘剂   | 胶业 粘合材料           | Adhesives  | adhesive | 2
steel       | 钢材     | 不锈钢 金属材料         | Steel      | steel-tube | 2
machining   | 机加工   | 精密机械 机械加工       | Machining  | flange | 2
fabrics     | 面料     | 纺织 布业               | Textiles   | fabric-roll | 3
kids        | 童装     | 童装 服饰               | Kids Wear  | kids-t-shirt kids-trousers | 5
baby        | 母婴     | 婴童用品                | Baby       | baby-romper | 2
womens      | 女装     | 女装 服饰               | Fashion    | dress womens-blouse | 4
mens        | 男装     | 制衣 服饰               | Menswear   | mens-shirt | 2
shoes       | 鞋       | 鞋业                    | Shoes      | sneakers | 2
bags        | 箱包     | 箱包 皮具               | Bags       | backpack handbag | 3
toys        | 玩具     | 玩具 文化用品           | Toys       | building-blocks plush-bear toy-truck | 4
digital     | 数码     | 数码科技 电子科技       | Digital    | phone-charger tripod | 3
appliances  | 小家电   | 电器                    | Appliances | electric-kettle | 1
sports      | 运动     | 运动用品                | Sports     | yoga-mat | 2
tableware   | 餐具     | 陶瓷 餐具               | Tableware  | plate bowl mug | 4
household   | 日用     | 日用品 塑料制品         | Household  | storage-box | 2
textiles    | 家纺     | 家纺 毛巾               | Home Textiles | towel bedding-set | 3
beauty      | 美妆     | 生物科技 化妆品         | Cosmetics  | face-cream | 2
care        | 洗护     | 日化                    | Home Care  | shampoo | 1
food        | 食品     | 食品                    | Foods      | nuts-snack | 2
tea         | 茶叶     | 茶业                    | Tea        | tea | 1
pets        | 宠物     | 宠物用品                | Pets       | pet-bowl | 1
office      | 文具     | 文具 办公用品           | Stationery | notebook | 2
car         | 车品     | 汽车用品                | Car Goods  | phone-mount | 1
"""


def _line(text: str) -> Line:
    key, name, suffixes, name_en, kinds, share = (cell.strip() for cell in text.split("|"))
    return Line(key, name, tuple(suffixes.split()), name_en, tuple(kinds.split()), int(share))


LINES: tuple[Line, ...] = tuple(map(_line, _LINES.strip().splitlines()))
"""All lines of business; together they cover every kind of goods and every medal system."""

# Shop names are drawn as two of these; none is a word of a known company.
_FIRST = spelled(
    """砚:yan 苇:wei 霁:ji 栎:li 汀:ting 鹭:lu 柘:zhe 澜:lan 岫:xiu 槿:jin 杼:zhu 榫:sun
    朔:shuo 棹:zhao 溆:xu 峤:qiao 楸:qiu 蘅:heng 篁:huang 漪:yi"""
)
_SECOND = spelled(
    """铎:duo 穗:sui 舟:zhou 巢:chao 垣:yuan 梭:suo 砧:zhen 禾:he 桥:qiao 翎:ling 岑:cen
    筑:zhu 炉:lu 帆:fan 舍:she 坊:fang 澍:shu 匠:jiang"""
)


class BuyerSort(StrEnum):
    """What sort of company a buyer is; it decides what and how much it buys."""

    SHOP = "shop"
    FACTORY = "factory"
    TRADER = "trader"
    ONLINE = "online"


_BUYER_SUFFIXES: dict[BuyerSort, tuple[str, ...]] = {
    BuyerSort.SHOP: ("五金店", "百货商行", "日用品经营部", "服装店", "超市", "建材经营部"),
    BuyerSort.FACTORY: (
        "机械有限公司",
        "电器有限公司",
        "家具厂",
        "汽配有限公司",
        "制品厂",
        "设备有限公司",
    ),
    BuyerSort.TRADER: ("贸易有限公司", "商贸有限公司", "进出口有限公司", "供应链有限公司"),
    BuyerSort.ONLINE: ("电子商务有限公司", "网络科技有限公司", "电商工作室", "优选店"),
}

BUYER_LINES: dict[BuyerSort, tuple[str, ...]] = {
    BuyerSort.SHOP: (
        "tools",
        "lighting",
        "electrical",
        "tableware",
        "household",
        "kids",
        "food",
        "office",
        "textiles",
        "pets",
        "door",
        "protection",
        "bags-post",
        "care",
    ),
    BuyerSort.FACTORY: (
        "fasteners",
        "bearings",
        "seals",
        "components",
        "chemicals",
        "steel",
        "machining",
        "protection",
        "cartons",
        "adhesives",
        "electrical",
        "tools",
        "fabrics",
    ),
    BuyerSort.TRADER: tuple(line.key for line in LINES),
    BuyerSort.ONLINE: (
        "kids",
        "womens",
        "mens",
        "toys",
        "shoes",
        "bags",
        "digital",
        "beauty",
        "baby",
        "bags-post",
        "cartons",
        "tableware",
        "sports",
        "tea",
        "car",
        "appliances",
        "furniture",
    ),
}
"""Keys of the lines of business each sort of buyer usually buys from."""


@dataclass(frozen=True, slots=True)
class SellerSpec:
    """A seller. `short_name` is the shop's own name (字号), `login` unique in one market."""

    name: str
    short_name: str
    name_en: str
    login: str
    email: str
    line: Line
    licence: str
    founded: int
    contact: PersonSpec
    city: City
    address: AddressSpec
    introduction: str


@dataclass(frozen=True, slots=True)
class BuyerSpec:
    """A buyer. `lines` are keys of `LINES` it usually buys from."""

    name: str
    name_en: str
    login: str
    email: str
    sort: BuyerSort
    licence: str
    contact: PersonSpec
    city: City
    address: AddressSpec
    lines: tuple[str, ...]


def make_seller(rng: Random, line: Line, taken: set[str]) -> SellerSpec:
    """A seller of `line`. `taken` holds names and logins in use in this market and is added to."""
    city = pick(rng, BELT) if chance(rng, 0.75) else pick(rng, CITIES[7:17])
    short, pinyin = _own_name(rng, taken)
    login = _login(f"{pinyin}-{line.key}", taken)
    name = f"{city.name}{short}{pick(rng, line.suffixes)}有限公司"
    founded = between(rng, 1998, 2023)
    return SellerSpec(
        name=name,
        short_name=short,
        name_en=f"{city.pinyin} {pinyin.capitalize()} {line.name_en} Co., Ltd.",
        login=login,
        email=f"{login}@{city.pinyin.lower()}.example",
        line=line,
        licence=make_licence(rng),
        founded=founded,
        contact=make_person(rng),
        city=city,
        address=make_address(rng, city, works=True),
        introduction=_introduction(rng, name, line, founded),
    )


def make_buyer(rng: Random, sort: BuyerSort, taken: set[str]) -> BuyerSpec:
    """A buyer of this sort from anywhere. `taken` as in `make_seller`."""
    city = pick(rng, CITIES)
    short, pinyin = _own_name(rng, taken)
    login = _login(f"{pinyin}-{sort.value}", taken)
    usual = BUYER_LINES[sort]
    return BuyerSpec(
        name=f"{city.name}{short}{pick(rng, _BUYER_SUFFIXES[sort])}",
        name_en=f"{city.pinyin} {pinyin.capitalize()} {sort.value.capitalize()}",
        login=login,
        email=f"{login}@{city.pinyin.lower()}.example",
        sort=sort,
        licence=make_licence(rng),
        contact=make_person(rng),
        city=city,
        address=make_address(rng, city, works=sort is BuyerSort.FACTORY),
        lines=tuple(dict.fromkeys(pick(rng, usual) for _ in range(4))),
    )


def _own_name(rng: Random, taken: set[str]) -> tuple[str, str]:
    """A shop's own name not yet in `taken`: two syllables, then three when those run short."""
    for attempt in range(10_000):
        parts = [pick(rng, _FIRST), pick(rng, _SECOND)]
        if attempt >= 8:
            parts.insert(1, pick(rng, _FIRST))
        name = "".join(part[0] for part in parts)
        if name not in taken and len(set(parts)) == len(parts):
            taken.add(name)
            return name, "".join(part[1] for part in parts)
    raise ValueError("no shop names are left")


def _login(wanted: str, taken: set[str]) -> str:
    login, number = wanted, 1
    while login in taken:
        number += 1
        login = f"{wanted}{number}"
    taken.add(login)
    return login


_STRENGTHS = (
    "自有车间{area}平方米,{staff}名员工,月产能稳定。",
    "源头工厂,从开模、生产到质检都在同一个厂区完成。",
    "常备现货,每天下午五点前付款当日发出。",
    "支持小批量混批,老客户可谈账期。",
    "接受来样定制,打样三到五天。",
)


def _introduction(rng: Random, name: str, line: Line, founded: int) -> str:
    goods = "、".join(kind(key).name for key in line.kinds)
    strength = pick(rng, _STRENGTHS).format(
        area=between(rng, 6, 90) * 100, staff=between(rng, 12, 260)
    )
    return f"{name}成立于{founded}年,主营{goods}。{strength}"
