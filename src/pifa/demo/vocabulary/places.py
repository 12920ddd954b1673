"""Regions of the market and invented addresses in them.

Province-level regions are real, with the two digits of GB/T 2260 that freight templates go by;
every city, county, town and street below them is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from pifa.demo.vocabulary.chance import between, pick


class FreightZone(StrEnum):
    """How far a region lies from the belt; freight templates price by it."""

    NEAR = "near"
    MIDDLE = "middle"
    FAR = "far"
    REMOTE = "remote"
    OUTSIDE = "outside"


ZONE_NAMES: dict[FreightZone, str] = {
    FreightZone.NEAR: "江浙沪皖",
    FreightZone.MIDDLE: "华东华中华南华北",
    FreightZone.FAR: "东北西南西北近区",
    FreightZone.REMOTE: "偏远地区",
    FreightZone.OUTSIDE: "港澳台",
}


@dataclass(frozen=True, slots=True)
class Region:
    """A province-level region: GB/T 2260 code of two digits, names, short name, freight zone."""

    code: str
    name: str
    short: str
    name_en: str
    zone: FreightZone


_REGIONS = """
11 北京市 北京 Beijing middle
12 天津市 天津 Tianjin middle
13 河北省 河北 Hebei middle
14 山西省 山西 Shanxi middle
15 内蒙古自治区 内蒙古 Inner_Mongolia remote
21 辽宁省 辽宁 Liaoning far
22 吉林省 吉林 Jilin far
23 黑龙江省 黑龙江 Heilongjiang far
31 上海市 上海 Shanghai near
32 江苏省 江苏 Jiangsu near
33 浙江省 浙江 Zhejiang near
34 安徽省 安徽 Anhui near
35 福建省 福建 Fujian middle
36 江西省 江西 Jiangxi middle
37 山东省 山东 Shandong middle
41 河南省 河南 Henan middle
42 湖北省 湖北 Hubei middle
43 湖南省 湖南 Hunan middle
44 广东省 广东 Guangdong middle
45 广西壮族自治区 广西 Guangxi far
46 海南省 海南 Hainan far
50 重庆市 重庆 Chongqing far
51 四川省 四川 Sichuan far
52 贵州省 贵州 Guizhou far
53 云南省 云南 Yunnan far
54 西藏自治区 西藏 Tibet remote
61 陕西省 陕西 Shaanxi far
62 甘肃省 甘肃 Gansu remote
63 青海省 青海 Qinghai remote
64 宁夏回族自治区 宁夏 Ningxia remote
65 新疆维吾尔自治区 新疆 Xinjiang remote
71 台湾省 台湾 Taiwan outside
81 香港特别行政区 香港 Hong_Kong outside
82 澳门特别行政区 澳门 Macao outside
"""


def _region(line: str) -> Region:
    code, name, short, name_en, zone = line.split()
    return Region(code, name, short, name_en.replace("_", " "), FreightZone(zone))


REGIONS: tuple[Region, ...] = tuple(map(_region, _REGIONS.strip().splitlines()))
"""All 34 province-level regions in the order of their codes."""

_BY_CODE = {region.code: region for region in REGIONS}


def region(code: str) -> Region:
    """The region of this two-digit code. Raises KeyError when there is none."""
    return _BY_CODE[code]


@dataclass(frozen=True, slots=True)
class City:
    """An invented city of the belt or of elsewhere: names, short name, region's code, post code."""

    name: str
    short: str
    pinyin: str
    region_code: str
    post_code: str


_CITIES = """
云汀市 云汀 Yunting 33
鹭栖市 鹭栖 Luqi 33
砚浦市 砚浦 Yanpu 33
苇塘市 苇塘 Weitang 32
澄砂市 澄砂 Chengsha 32
柘垣市 柘垣 Zheyuan 34
霁岭市 霁岭 Jiling 35
槿湾市 槿湾 Jinwan 44
榕垱市 榕垱 Rongdang 44
麓屏市 麓屏 Luping 43
沅桐市 沅桐 Yuantong 42
岱汶市 岱汶 Daiwen 37
栎丘市 栎丘 Liqiu 41
滏淀市 滏淀 Fudian 13
皖溪市 皖溪 Wanxi 34
赣樟市 赣樟 Ganzhang 36
邕棠市 邕棠 Yongtang 45
岷芷市 岷芷 Minzhi 51
黔枫市 黔枫 Qianfeng 52
滇芦市 滇芦 Dianlu 53
灞桑市 灞桑 Basang 61
陇苜市 陇苜 Longmu 62
辽榆市 辽榆 Liaoyu 21
松雁市 松雁 Songyan 22
桦雪市 桦雪 Huaxue 23
晋槐市 晋槐 Jinhuai 14
敕川市 敕川 Chichuan 15
椰汐市 椰汐 Yexi 46
湟柳市 湟柳 Huangliu 63
贺苓市 贺苓 Heling 64
疆棉市 疆棉 Jiangmian 65
"""


def _city(number: int, line: str) -> City:
    name, short, pinyin, code = line.split()
    return City(name, short, pinyin, code, f"{code}{9900 + number:04d}")


CITIES: tuple[City, ...] = tuple(
    _city(number, line) for number, line in enumerate(_CITIES.strip().splitlines())
)
"""Invented cities. The first seven are the belt, where most sellers are."""

BELT: tuple[City, ...] = CITIES[:7]

_DISTRICTS = ("临梭区", "鹿栖县", "砧石区", "新芦县", "东柞区", "望苇区", "青埭县", "澜桥区")
_TOWNS = ("铆江镇", "梭子桥镇", "白梭镇", "铜榫镇", "三榫镇", "桑埂镇", "灰鹭街道", "银杏坞街道")
_ROADS = (
    "铁砧路",
    "锦梭路",
    "螺丝巷",
    "听榫街",
    "百工大道",
    "梧影路",
    "长庚四路",
    "石舂街",
    "禾穗路",
)
_PARKS = ("百工产业园", "新梭工业区", "铆江五金城", "云杼创业园", "砧山物流园")
_ESTATES = ("听苇苑", "梧影里", "青埭花园", "锦梭家园", "长庚新村")


@dataclass(frozen=True, slots=True)
class AddressSpec:
    """An invented address in a real region. `line` is all below the district."""

    region_code: str
    region: str
    city: str
    district: str
    line: str
    post_code: str

    @property
    def text(self) -> str:
        """The whole address on one line."""
        return f"{self.region} {self.city} {self.district} {self.line}"


def make_address(rng: Random, city: City, *, works: bool) -> AddressSpec:
    """An address in `city`: a unit of an industrial park when `works`, else a shop or a flat."""
    number = between(rng, 1, 988)
    if works:
        unit = f"{pick(rng, _PARKS)}{between(rng, 1, 26)}幢{between(rng, 1, 4)}楼"
    else:
        unit = f"{pick(rng, _ESTATES)}{between(rng, 1, 30)}号店面"
    return AddressSpec(
        region_code=city.region_code,
        region=region(city.region_code).name,
        city=city.name,
        district=pick(rng, _DISTRICTS),
        line=f"{pick(rng, _TOWNS)}{pick(rng, _ROADS)}{number}号{unit}",
        post_code=city.post_code,
    )
