"""Invented companies, people and places: plentiful, distinct, and nobody's."""

from __future__ import annotations

import re
from random import Random

from pifa.demo.vocabulary import (
    BELT,
    CITIES,
    LINES,
    REGIONS,
    BuyerSort,
    BuyerSpec,
    FreightZone,
    MedalSystem,
    SellerSpec,
    kinds,
    make_buyer,
    make_seller,
    region,
    talk,
)

# Prefecture-level cities whose names an invented place must not carry.
REAL_NAMES = """石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城
    忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪
    丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 延边 哈尔滨 齐齐哈尔
    鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城
    扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 永康 慈溪 合肥 芜湖 蚌埠
    淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩
    宁德 晋江 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁
    泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳
    商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳
    邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州
    梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州
    河池 来宾 崇左 海口 三亚 三沙 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安
    达州 雅安 巴中 资阳 阿坝 甘孜 凉山 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧
    楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆 拉萨 日喀则 昌都 林芝 山南 那曲 阿里 西安 铜川 宝鸡 咸阳 渭南
    延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 西宁 海东
    银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 喀什 和田 伊犁 塔城 阿勒泰"""
REAL = set(REAL_NAMES.split())
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def town(seed: int) -> tuple[list[SellerSpec], list[BuyerSpec]]:
    rng, taken = Random(seed), set[str]()
    sellers = [make_seller(rng, line, taken) for line in LINES for _ in range(2)]
    sorts = list(BuyerSort)
    return sellers, [make_buyer(rng, sorts[k % len(sorts)], taken) for k in range(450)]


SELLERS, BUYERS = town(7)
EVERYBODY: list[SellerSpec | BuyerSpec] = [*SELLERS, *BUYERS]


def test_a_seed_gives_the_same_companies() -> None:
    assert repr(town(7)) == repr((SELLERS, BUYERS)) != repr(town(8))


def test_names_and_logins_are_never_repeated() -> None:
    assert len({company.name for company in EVERYBODY}) == len(EVERYBODY)
    assert len({company.login for company in EVERYBODY}) == len(EVERYBODY)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", company.login) for company in EVERYBODY)


def test_mail_and_phones_can_reach_nobody() -> None:
    for company in EVERYBODY:
        assert company.email.endswith(".example")
        assert re.fullmatch(r"1540000\d{4}", company.contact.phone)


def test_licences_are_well_formed_and_name_no_region() -> None:
    for company in EVERYBODY:
        licence = company.licence
        assert re.fullmatch(r"91000000[0-9A-Z]{10}", licence)
        total = sum(CODE.index(c) * pow(3, k, 31) for k, c in enumerate(licence[:17]))
        assert CODE.index(licence[17]) == (31 - total % 31) % 31
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        check = sum(int(c) * w for c, w in zip(licence[8:16], weights, strict=True)) % 11
        assert licence[16] == {0: "0", 1: "X"}.get(check, str(11 - check))
    assert len({company.licence for company in EVERYBODY}) == len(EVERYBODY)


def test_no_real_place_beneath_a_province() -> None:
    for city in CITIES:
        assert city.name == f"{city.short}市"
        assert city.short not in REAL
    for company in EVERYBODY:
        place = company.address.text.removeprefix(company.address.region)
        found = [name for name in REAL if name in company.name or name in place]
        assert not found, (company.name, place, found)


def test_addresses_lie_in_the_region_of_their_city() -> None:
    for company in EVERYBODY:
        address = company.address
        assert address.city == company.city.name
        assert region(address.region_code).name == address.region
        assert address.post_code.startswith(address.region_code)
        assert re.fullmatch(r"\d{6}", address.post_code)


def test_regions_are_the_real_ones_in_zones() -> None:
    assert len(REGIONS) == 34
    assert len({entry.code for entry in REGIONS}) == 34
    assert region("33").name == "浙江省"
    assert region("65").zone is FreightZone.REMOTE
    assert {entry.zone for entry in REGIONS} == set(FreightZone)


def test_most_sellers_are_in_the_belt_and_buyers_are_everywhere() -> None:
    assert sum(seller.city in BELT for seller in SELLERS) > len(SELLERS) / 2
    assert len({buyer.address.region_code for buyer in BUYERS}) >= 20


def test_lines_sell_every_kind_in_every_medal_system() -> None:
    assert {key for line in LINES for key in line.kinds} == {kind.key for kind in kinds()}
    assert {line.top_category.medal_system for line in LINES} == set(MedalSystem)
    keys = {line.key for line in LINES}
    assert all(set(buyer.lines) <= keys and buyer.lines for buyer in BUYERS)


def test_talk_speaks_of_the_goods_and_leaves_no_gaps() -> None:
    rng = Random(5)
    said = [talk.review(rng, stars, "垫圈") for stars in range(1, 6) for _ in range(20)]
    chats = [talk.chat(rng, "垫圈") for _ in range(60)]
    said += [text for chat in chats for text in (chat.ask, chat.answer)]
    for upheld in (True, False):
        found = talk.dispute(rng, "垫圈", upheld=upheld)
        assert found.upheld is upheld
        said += [found.claim, found.answer, found.verdict]
    said += [talk.refund_reason(rng, shipped=shipped) for shipped in (True, False)]
    said += [talk.review_reply(rng), talk.buyer_note(rng), talk.close_reason(rng)]
    said += [talk.takedown_reason(rng), talk.penalty_reason(rng), talk.licence_rejection(rng)]
    said += [talk.channel_post(rng, "垫圈"), *(text for _, text in talk.order_messages())]
    assert all(text and "{" not in text for text in said)
    assert any("垫圈" in text for text in said)
    assert {side for side, _ in talk.order_messages()} == {"buyer", "seller"}
    assert len(set(talk.carriers())) == len(talk.carriers()) >= 3
