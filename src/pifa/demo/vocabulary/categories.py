"""Categories of the market, with the two tables that every shop's rules hang on.

A top-level category belongs to one *medal system* (trade medals are counted by it) and to one
*department* (the key-account programme is run by it). The two tables are separate and disagree on
purpose. Goods that a consumer medal counts while the non-consumer department runs them: packaging.
The other way round: home improvement, and textiles and leather (whose medal carries the
non-consumer industries' benefits). Categories nobody classed are Consumer 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MedalSystem(StrEnum):
    """Which column of the medal table a shop is rated by."""

    CONSUMER_1 = "consumer_1"
    CONSUMER_2 = "consumer_2"
    NON_CONSUMER = "non_consumer"


class Department(StrEnum):
    """Which department of the programme a shop applies to."""

    CONSUMER = "consumer"
    NON_CONSUMER = "non_consumer"


@dataclass(frozen=True, slots=True)
class SubCategory:
    """A second-level category: stable slug, Chinese and English name, slug of its parent."""

    slug: str
    name: str
    name_en: str
    parent: str


@dataclass(frozen=True, slots=True)
class TopCategory:
    """A top-level category: stable slug, both names, and its place in both tables."""

    slug: str
    name: str
    name_en: str
    medal_system: MedalSystem
    department: Department
    children: tuple[SubCategory, ...]


# slug | Chinese | English | medal system | department
_TOP = """
womens-wear        | 女装           | Women's wear                    | 1 | c
mens-wear          | 男装           | Men's wear                      | 1 | c
childrens-wear     | 童装           | Children's wear                 | 1 | c
underwear          | 内衣           | Underwear                       | 1 | c
maternity          | 母婴用品       | Maternity and baby              | 1 | c
toys               | 玩具           | Toys                            | 1 | c
shoes              | 鞋             | Shoes                           | 1 | c
bags               | 箱包           | Bags and luggage                | 1 | c
accessories        | 服饰配件       | Clothing accessories            | 1 | c
jewellery          | 饰品           | Fashion jewellery               | 1 | c
digital            | 数码、电脑     | Digital and computers           | 1 | c
home-appliances    | 家用电器       | Home appliances                 | 1 | c
sports-outdoors    | 运动户外       | Sports and outdoors             | 1 | c
household          | 日用百货       | Household goods                 | 2 | c
beauty             | 美容护肤/彩妆  | Skin care and make-up           | 2 | c
personal-care      | 个护家清       | Personal and home care          | 2 | c
home-textiles      | 家纺家饰       | Home textiles                   | 2 | c
food               | 食品、饮料     | Food and drink                  | 2 | c
fresh-catering     | 餐饮生鲜       | Fresh food and catering         | 2 | c
crafts-gifts       | 工艺品、礼品   | Crafts and gifts                | 2 | c
pets-gardening     | 宠物及园艺     | Pets and gardening              | 2 | c
adult-health       | 性保健品       | Adult health                    | 2 | c
office-stationery  | 办公、文教     | Office and stationery           | 2 | c
car-supplies       | 汽车用品       | Car supplies                    | 2 | c
auto-parts         | 汽摩及配件     | Car and motorcycle parts        | 2 | c
packaging          | 包装           | Packaging                       | 2 | n
textiles-leather   | 纺织、皮革     | Textiles and leather            | n | c
home-improvement   | 家装、家具、建材 | Home improvement, furniture and building materials | n | c
machinery          | 机械及行业设备 | Machinery and industry equipment | n | n
hardware-tools     | 五金、工具     | Hardware and tools              | n | n
electrical         | 电工电气       | Electrical equipment            | n | n
lighting           | 照明工业       | Lighting                        | n | n
personal-protection | 个人防护      | Personal protection             | n | n
security           | 安全、防护     | Security and safety             | n | n
chemicals          | 化工           | Chemicals                       | n | n
rubber-plastics    | 橡塑           | Rubber and plastics             | n | n
fine-chemicals     | 精细化学品     | Fine chemicals                  | n | n
electronic-components | 电子元器件  | Electronic components           | n | n
raw-materials      | 原材料         | Raw materials                   | n | n
processing         | 加工           | Contract processing             | n | n
business-services  | 商务服务       | Business services               | n | n
"""

# slug | Chinese | English | parent
_SUB = """
fasteners          | 紧固件         | Fasteners              | hardware-tools
hand-tools         | 手动工具       | Hand tools             | hardware-tools
cutting-tools      | 刀具、钻头     | Drill bits and cutters | hardware-tools
door-hardware      | 门窗五金       | Door and window fittings | home-improvement
furniture          | 家具           | Furniture              | home-improvement
building-pipes     | 管材管件       | Pipes and fittings     | rubber-plastics
seals              | 橡胶密封件     | Rubber seals           | rubber-plastics
bearings           | 轴承           | Bearings               | machinery
transmission       | 传动件         | Transmission parts     | machinery
shipping-bags      | 快递袋         | Courier bags           | packaging
cartons            | 纸箱纸盒       | Cartons and boxes      | packaging
cushioning         | 缓冲材料       | Cushioning             | packaging
tapes              | 封箱胶带       | Packing tape           | packaging
indoor-lighting    | 室内照明       | Indoor lighting        | lighting
outdoor-lighting   | 户外、工矿照明 | Outdoor and industrial lighting | lighting
wire-cable         | 电线电缆       | Wire and cable         | electrical
switches-sockets   | 开关插座       | Switches and sockets   | electrical
hand-protection    | 手部防护       | Hand protection        | personal-protection
head-protection    | 头部防护       | Head protection        | personal-protection
surveillance       | 监控设备       | Surveillance           | security
passive-components | 电阻、电容     | Resistors and capacitors | electronic-components
basic-chemicals    | 化工原料       | Basic chemicals        | chemicals
adhesives          | 胶粘剂         | Adhesives              | fine-chemicals
steel              | 钢材           | Steel                  | raw-materials
machined-parts     | 机加工件       | Machined parts         | processing
fabrics            | 面料           | Fabrics                | textiles-leather
dresses            | 连衣裙         | Dresses                | womens-wear
womens-tops        | 女式上衣       | Women's tops           | womens-wear
mens-shirts        | 男士衬衫       | Men's shirts           | mens-wear
kids-t-shirts      | 儿童T恤        | Children's T-shirts    | childrens-wear
kids-trousers      | 儿童裤子       | Children's trousers    | childrens-wear
baby-clothes       | 婴儿服装       | Baby clothes           | maternity
plush-toys         | 毛绒玩具       | Plush toys             | toys
building-toys      | 积木拼装       | Building blocks        | toys
toy-vehicles       | 玩具车         | Toy vehicles           | toys
sports-shoes       | 运动鞋         | Sports shoes           | shoes
backpacks          | 双肩包         | Backpacks              | bags
handbags           | 女包           | Handbags               | bags
chargers           | 充电设备       | Chargers               | digital
camera-accessories | 摄影配件       | Camera accessories     | digital
kettles            | 厨房小电       | Kitchen appliances     | home-appliances
fitness            | 瑜伽健身       | Yoga and fitness       | sports-outdoors
tableware          | 餐具           | Tableware              | household
drinkware          | 水杯           | Cups and mugs          | household
storage            | 收纳用品       | Storage                | household
towels             | 毛巾浴巾       | Towels                 | home-textiles
bedding            | 床上用品       | Bedding                | home-textiles
skin-care          | 面部护肤       | Skin care              | beauty
hair-body          | 洗护用品       | Hair and body care     | personal-care
nuts-snacks        | 坚果零食       | Nuts and snacks        | food
tea                | 茶叶           | Tea                    | food
pet-supplies       | 宠物用品       | Pet supplies           | pets-gardening
notebooks          | 本册           | Notebooks              | office-stationery
car-care           | 车载用品       | In-car accessories     | car-supplies
"""

_MEDAL = {
    "1": MedalSystem.CONSUMER_1,
    "2": MedalSystem.CONSUMER_2,
    "n": MedalSystem.NON_CONSUMER,
}
_DEPARTMENT = {"c": Department.CONSUMER, "n": Department.NON_CONSUMER}


def _rows(table: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line
    ]


def _build() -> tuple[TopCategory, ...]:
    subs = [SubCategory(*cells) for cells in _rows(_SUB)]
    return tuple(
        TopCategory(
            slug=slug,
            name=name,
            name_en=name_en,
            medal_system=_MEDAL[medal],
            department=_DEPARTMENT[department],
            children=tuple(sub for sub in subs if sub.parent == slug),
        )
        for slug, name, name_en, medal, department in _rows(_TOP)
    )


TOP_CATEGORIES: tuple[TopCategory, ...] = _build()
"""All top-level categories, in the order a category page shows them."""

_SUB_BY_SLUG = {sub.slug: sub for top in TOP_CATEGORIES for sub in top.children}
_TOP_BY_SLUG = {top.slug: top for top in TOP_CATEGORIES}


def sub_category(slug: str) -> SubCategory:
    """The second-level category of this slug. Raises KeyError when there is none."""
    return _SUB_BY_SLUG[slug]


def top_category(slug: str) -> TopCategory:
    """The top-level category of this slug, or of the second-level category of this slug.

    Raises KeyError when neither exists.
    """
    found = _SUB_BY_SLUG.get(slug)
    return _TOP_BY_SLUG[found.parent if found else slug]
