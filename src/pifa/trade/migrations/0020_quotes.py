import django.db.models.deletion
from django.db import migrations, models

import pifa.parties.storage
from pifa.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_search_boost"),
        ("parties", "0002_licence_of_one_company"),
        ("trade", "0009_promised"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="lead_days",
            field=models.PositiveSmallIntegerField(
                help_text="days from payment to shipment, as quoted",
                null=True,
                verbose_name="约定发货天数",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="ship_by",
            field=models.DateTimeField(
                help_text="set at payment where days were agreed", null=True
            ),
        ),
        migrations.CreateModel(
            name="QuoteRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="询价单号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等待报价"),
                            ("deciding", "报价截止，等待选定"),
                            ("ordered", "已成交"),
                            ("closed", "买家已关闭"),
                            ("expired", "已过期"),
                        ],
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("region", models.CharField(max_length=2, verbose_name="省份")),
                ("city", models.CharField(blank=True, max_length=60, verbose_name="城市")),
                ("needed_by", models.DateField(null=True, verbose_name="需要日期")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="补充说明")),
                (
                    "picture",
                    models.ImageField(
                        blank=True,
                        storage=pifa.parties.storage.PrivateStorage(),
                        upload_to="quotes/",
                        verbose_name="附图",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="询价时间")),
                ("closes_at", models.DateTimeField(verbose_name="报价截止")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.address",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.member",
                    ),
                ),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote_requests",
                        to="parties.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "询价单",
                "verbose_name_plural": "询价单",
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="报价单号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待报价"),
                            ("quoted", "已报价"),
                            ("declined", "卖家不报价"),
                            ("withdrawn", "报价已撤回"),
                            ("lapsed", "报价已过期"),
                            ("refused", "买家未接受"),
                            ("accepted", "已成交"),
                            ("closed", "询价已结束"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("total_fen", models.BigIntegerField(null=True)),
                ("valid_until", models.DateTimeField(null=True, verbose_name="有效期至")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("changed_at", models.DateTimeField()),
                (
                    "order",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote",
                        to="trade.order",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="parties.company",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="trade.quoterequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "报价",
                "verbose_name_plural": "报价",
            },
        ),
        migrations.CreateModel(
            name="QuoteRequestLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=200, verbose_name="货品")),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("spec_text", models.CharField(blank=True, max_length=120, verbose_name="规格")),
                ("unit", models.CharField(max_length=10, verbose_name="单位")),
                ("quantity", models.BigIntegerField(verbose_name="数量")),
                ("wanted_e4", models.BigIntegerField(null=True, verbose_name="期望单价")),
                (
                    "offer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.offer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="trade.quoterequest",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuoteRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField()),
                ("freight_fen", models.BigIntegerField(verbose_name="运费")),
                ("total_fen", models.BigIntegerField(verbose_name="合计")),
                ("lead_days", models.PositiveSmallIntegerField(verbose_name="发货天数")),
                ("valid_until", models.DateTimeField(verbose_name="有效期至")),
                ("terms", models.JSONField(verbose_name="付款条件")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.member",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="trade.quote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("price_e4", models.BigIntegerField(verbose_name="单价")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.quoterequestline",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="trade.quoterevision",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="quoterequest",
            index=models.Index(fields=["buyer", "-id"], name="quote_request_buyer"),
        ),
        migrations.AddConstraint(
            model_name="quoterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("asked_at"))),
                name="quote_request_takes_answers",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state__in", ["open", "deciding"])),
                    models.Q(
                        models.Q(("state__in", ["open", "deciding"]), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="quote_request_ends_once",
            ),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["seller", "state", "-id"], name="quote_seller_inbox"),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                fields=("request", "seller"), name="quote_once_a_seller"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "accepted")),
                fields=("request",),
                name="quote_one_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("state", "accepted")),
                    models.Q(
                        models.Q(("state", "accepted"), _negated=True), ("order__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="quote_accepted_is_an_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("revision", 0), ("total_fen__isnull", True), ("valid_until__isnull", True)
                    ),
                    models.Q(
                        ("revision__gt", 0), ("total_fen__gt", 0), ("valid_until__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="quote_answered_in_full",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["quoted", "accepted"]), _negated=True),
                    ("revision__gt", 0),
                    _connector="OR",
                ),
                name="quote_quoted_has_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequestline",
            constraint=models.UniqueConstraint(
                fields=("request", "position"), name="quote_line_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequestline",
            constraint=models.UniqueConstraint(
                fields=("request", "sku"), name="quote_line_sku_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequestline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="quote_line_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequestline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wanted_e4__isnull", True), ("wanted_e4__gt", 0), _connector="OR"
                ),
                name="quote_line_wanted_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequestline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("offer__isnull", True), ("sku__isnull", True)),
                    models.Q(("offer__isnull", False), ("sku__isnull", False)),
                    _connector="OR",
                ),
                name="quote_line_sku_has_offer",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterevision",
            constraint=models.UniqueConstraint(
                fields=("quote", "revision"), name="quote_revision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("freight_fen__gte", 0),
                    ("total_fen__gt", 0),
                    ("revision__gt", 0),
                    ("lead_days__gt", 0),
                ),
                name="quote_revision_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("made_at"))),
                name="quote_revision_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.UniqueConstraint(
                fields=("revision", "asked"), name="quote_price_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_e4__gt", 0), ("amount_fen__gte", 0)),
                name="quote_price_above_zero",
            ),
        ),
        append_only("trade_quoterevision"),
        append_only("trade_quoteline"),
    ]
