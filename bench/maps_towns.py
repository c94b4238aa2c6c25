"""Names that maps of Eastern Europe carry, in three languages, as their makers spell them.

The names are typed here, not taken from the gazetteer under test; only the positions are GeoNames', and
the maps move each of them a little, for other makers use other sources.
"""

from __future__ import annotations

import lzma
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("ru", "uk", "en")
GAZETTEER: Final = (
    Path(__file__).resolve().parents[1] / "forensics" / "maps" / "data" / "gazetteer.tsv.xz"
)

_TOWNS: Final = """
RU 3 Москва|Москва|Moscow
RU 3 Санкт-Петербург|Санкт-Петербург|Saint Petersburg
UA 3 Киев|Київ|Kyiv
BY 3 Минск|Мінськ|Minsk
MD 3 Кишинёв|Кишинів|Chisinau
LT 3 Вильнюс|Вільнюс|Vilnius
LV 3 Рига|Рига|Riga
EE 3 Таллин|Таллінн|Tallinn
FI 3 Хельсинки|Гельсінкі|Helsinki
PL 3 Варшава|Варшава|Warsaw
RO 3 Бухарест|Бухарест|Bucharest
GE 3 Тбилиси|Тбілісі|Tbilisi
BG 3 София|Софія|Sofia
RU 2 Брянск|Брянськ|Bryansk
RU 2 Смоленск|Смоленськ|Smolensk
RU 2 Тверь|Твер|Tver
RU 2 Великий Новгород|Великий Новгород|Veliky Novgorod
RU 2 Калуга|Калуга|Kaluga
RU 2 Орёл|Орел|Oryol
RU 2 Курск|Курськ|Kursk
RU 2 Белгород|Бєлгород|Belgorod
RU 2 Псков|Псков|Pskov
RU 2 Тула|Тула|Tula
RU 2 Рязань|Рязань|Ryazan
RU 2 Ярославль|Ярославль|Yaroslavl
RU 2 Вологда|Вологда|Vologda
RU 2 Воронеж|Воронеж|Voronezh
RU 2 Липецк|Липецьк|Lipetsk
RU 2 Тамбов|Тамбов|Tambov
RU 2 Пенза|Пенза|Penza
RU 2 Саратов|Саратов|Saratov
RU 2 Волгоград|Волгоград|Volgograd
RU 2 Ростов-на-Дону|Ростов-на-Дону|Rostov-on-Don
RU 2 Краснодар|Краснодар|Krasnodar
RU 2 Ставрополь|Ставрополь|Stavropol
RU 2 Сочи|Сочі|Sochi
RU 2 Новороссийск|Новоросійськ|Novorossiysk
RU 2 Иваново|Іваново|Ivanovo
RU 2 Владимир|Володимир|Vladimir
RU 2 Кострома|Кострома|Kostroma
RU 2 Нижний Новгород|Нижній Новгород|Nizhny Novgorod
RU 2 Калининград|Калінінград|Kaliningrad
RU 2 Петрозаводск|Петрозаводськ|Petrozavodsk
RU 2 Майкоп|Майкоп|Maykop
RU 1 Ржев|Ржев|Rzhev
RU 1 Вязьма|Вязьма|Vyazma
RU 1 Великие Луки|Великі Луки|Velikiye Luki
RU 1 Валдай|Валдай|Valday
RU 1 Таганрог|Таганрог|Taganrog
RU 1 Ейск|Єйськ|Yeysk
RU 1 Миллерово|Міллерово|Millerovo
RU 1 Старый Оскол|Старий Оскол|Stary Oskol
RU 1 Елец|Єлець|Yelets
RU 1 Мичуринск|Мічурінськ|Michurinsk
RU 1 Клинцы|Клинці|Klintsy
RU 1 Рославль|Рославль|Roslavl
RU 1 Обнинск|Обнінськ|Obninsk
RU 1 Коломна|Коломна|Kolomna
RU 1 Рыбинск|Рибінськ|Rybinsk
RU 1 Череповец|Череповець|Cherepovets
RU 1 Армавир|Армавір|Armavir
RU 1 Анапа|Анапа|Anapa
RU 1 Туапсе|Туапсе|Tuapse
RU 1 Выборг|Виборг|Vyborg
RU 1 Балашов|Балашов|Balashov
RU 1 Борисоглебск|Борисоглєбськ|Borisoglebsk
RU 1 Камышин|Камишин|Kamyshin
RU 1 Россошь|Россош|Rossosh
RU 1 Лиски|Лиски|Liski
RU 1 Шебекино|Шебекіно|Shebekino
RU 1 Валуйки|Валуйки|Valuyki
RU 1 Губкин|Губкін|Gubkin
RU 1 Тихвин|Тихвін|Tikhvin
UA 2 Харьков|Харків|Kharkiv
UA 2 Одесса|Одеса|Odesa
UA 2 Днепр|Дніпро|Dnipro
UA 2 Донецк|Донецьк|Donetsk
UA 2 Запорожье|Запоріжжя|Zaporizhzhia
UA 2 Львов|Львів|Lviv
UA 2 Николаев|Миколаїв|Mykolaiv
UA 2 Мариуполь|Маріуполь|Mariupol
UA 2 Луганск|Луганськ|Luhansk
UA 2 Винница|Вінниця|Vinnytsia
UA 2 Херсон|Херсон|Kherson
UA 2 Полтава|Полтава|Poltava
UA 2 Чернигов|Чернігів|Chernihiv
UA 2 Черкассы|Черкаси|Cherkasy
UA 2 Житомир|Житомир|Zhytomyr
UA 2 Сумы|Суми|Sumy
UA 2 Хмельницкий|Хмельницький|Khmelnytskyi
UA 2 Черновцы|Чернівці|Chernivtsi
UA 2 Ровно|Рівне|Rivne
UA 2 Ивано-Франковск|Івано-Франківськ|Ivano-Frankivsk
UA 2 Тернополь|Тернопіль|Ternopil
UA 2 Луцк|Луцьк|Lutsk
UA 2 Ужгород|Ужгород|Uzhhorod
UA 2 Симферополь|Сімферополь|Simferopol
UA 2 Севастополь|Севастополь|Sevastopol
UA 2 Кривой Рог|Кривий Ріг|Kryvyi Rih
UA 1 Керчь|Керч|Kerch
UA 1 Феодосия|Феодосія|Feodosiia
UA 1 Джанкой|Джанкой|Dzhankoi
UA 1 Евпатория|Євпаторія|Yevpatoria
UA 1 Ялта|Ялта|Yalta
UA 1 Мелитополь|Мелітополь|Melitopol
UA 1 Бердянск|Бердянськ|Berdyansk
UA 1 Бахмут|Бахмут|Bakhmut
UA 1 Краматорск|Краматорськ|Kramatorsk
UA 1 Славянск|Слов'янськ|Sloviansk
UA 1 Изюм|Ізюм|Izium
UA 1 Купянск|Куп'янськ|Kupiansk
UA 1 Северодонецк|Сєвєродонецьк|Sievierodonetsk
UA 1 Павлоград|Павлоград|Pavlohrad
UA 1 Никополь|Нікополь|Nikopol
UA 1 Токмак|Токмак|Tokmak
UA 1 Конотоп|Конотоп|Konotop
UA 1 Шостка|Шостка|Shostka
UA 1 Нежин|Ніжин|Nizhyn
UA 1 Белая Церковь|Біла Церква|Bila Tserkva
UA 1 Умань|Умань|Uman
UA 1 Измаил|Ізмаїл|Izmail
UA 1 Очаков|Очаків|Ochakiv
UA 1 Кременчуг|Кременчук|Kremenchuk
UA 1 Старобельск|Старобільськ|Starobilsk
UA 1 Чугуев|Чугуїв|Chuhuiv
UA 1 Лозовая|Лозова|Lozova
UA 1 Коростень|Коростень|Korosten
UA 1 Ковель|Ковель|Kovel
UA 1 Ромны|Ромни|Romny
UA 1 Миргород|Миргород|Myrhorod
UA 1 Покровск|Покровськ|Pokrovsk
UA 1 Волноваха|Волноваха|Volnovakha
BY 2 Гомель|Гомель|Gomel
BY 2 Могилёв|Могильов|Mogilev
BY 2 Витебск|Вітебськ|Vitebsk
BY 2 Брест|Брест|Brest
BY 2 Гродно|Гродно|Grodno
BY 1 Бобруйск|Бобруйськ|Babruysk
BY 1 Пинск|Пінськ|Pinsk
BY 1 Мозырь|Мозир|Mozyr
BY 1 Орша|Орша|Orsha
BY 1 Полоцк|Полоцьк|Polatsk
BY 1 Барановичи|Барановичі|Baranovichi
LT 2 Каунас|Каунас|Kaunas
LT 2 Клайпеда|Клайпеда|Klaipeda
LT 1 Шяуляй|Шяуляй|Siauliai
LV 2 Даугавпилс|Даугавпілс|Daugavpils
LV 1 Лиепая|Лієпая|Liepaja
LV 1 Резекне|Резекне|Rezekne
EE 2 Тарту|Тарту|Tartu
EE 1 Нарва|Нарва|Narva
EE 1 Пярну|Пярну|Parnu
PL 2 Люблин|Люблін|Lublin
PL 2 Белосток|Білосток|Bialystok
PL 2 Гданьск|Гданськ|Gdansk
PL 2 Краков|Краків|Krakow
PL 2 Лодзь|Лодзь|Lodz
PL 1 Жешув|Жешув|Rzeszow
PL 1 Ольштын|Ольштин|Olsztyn
RO 2 Констанца|Констанца|Constanta
RO 2 Яссы|Ясси|Iasi
RO 1 Галац|Галац|Galati
RO 1 Тулча|Тулча|Tulcea
BG 2 Варна|Варна|Varna
BG 2 Бургас|Бургас|Burgas
MD 2 Тирасполь|Тирасполь|Tiraspol
MD 1 Бельцы|Бєльці|Balti
TR 2 Самсун|Самсун|Samsun
TR 2 Трабзон|Трабзон|Trabzon
TR 1 Синоп|Синоп|Sinop
GE 2 Батуми|Батумі|Batumi
GE 2 Кутаиси|Кутаїсі|Kutaisi
"""

_LATIN: Final = {line.rsplit("|", 1)[-1].casefold() for line in _TOWNS.strip().splitlines()}

COUNTRIES: Final = {
    # As Natural Earth calls it: names on maps, and where they stand (longitude, latitude).
    "Russia": (("РОССИЯ", "РОСІЯ", "RUSSIA"), (39.5, 57.2)),
    "Ukraine": (("УКРАИНА", "УКРАЇНА", "UKRAINE"), (31.4, 49.1)),
    "Belarus": (("БЕЛАРУСЬ", "БІЛОРУСЬ", "BELARUS"), (28.0, 53.3)),
    "Poland": (("ПОЛЬША", "ПОЛЬЩА", "POLAND"), (20.2, 52.0)),
    "Lithuania": (("ЛИТВА", "ЛИТВА", "LITHUANIA"), (23.8, 55.4)),
    "Latvia": (("ЛАТВИЯ", "ЛАТВІЯ", "LATVIA"), (25.5, 57.1)),
    "Estonia": (("ЭСТОНИЯ", "ЕСТОНІЯ", "ESTONIA"), (25.8, 58.8)),
    "Romania": (("РУМЫНИЯ", "РУМУНІЯ", "ROMANIA"), (25.5, 45.9)),
    "Moldova": (("МОЛДАВИЯ", "МОЛДОВА", "MOLDOVA"), (28.6, 47.3)),
    "Turkey": (("ТУРЦИЯ", "ТУРЕЧЧИНА", "TURKEY"), (35.5, 40.6)),
    "Georgia": (("ГРУЗИЯ", "ГРУЗІЯ", "GEORGIA"), (43.3, 42.1)),
}
WATERS: Final = (
    (("Чёрное море", "Чорне море", "Black Sea"), (34.0, 43.4)),
    (("Азовское море", "Азовське море", "Sea of Azov"), (36.6, 46.0)),
    (("Балтийское море", "Балтійське море", "Baltic Sea"), (19.3, 56.6)),
    (("Финский залив", "Фінська затока", "Gulf of Finland"), (26.5, 59.9)),
)
RIVERS: Final = (
    # Drawn from memory: they dress the map.
    (
        ("Днепр", "Дніпро", "Dnieper"),
        (
            *((33.7, 55.6), (32.0, 54.8), (30.4, 53.9), (30.6, 52.3), (30.5, 50.5), (31.5, 49.7)),
            *((33.2, 49.0), (35.0, 48.5), (35.1, 47.8), (34.0, 47.4), (32.6, 46.6)),
        ),
    ),
    (
        ("Дон", "Дон", "Don"),
        (
            *((38.6, 53.9), (38.9, 52.6), (39.1, 51.6), (39.6, 50.2), (41.2, 49.7), (43.5, 48.7)),
            *((42.2, 47.7), (40.2, 47.4), (39.3, 47.1)),
        ),
    ),
    (
        ("Днестр", "Дністер", "Dniester"),
        ((23.2, 49.4), (25.3, 48.8), (27.6, 48.4), (29.0, 47.5), (30.2, 46.4)),
    ),
    (
        ("Волга", "Волга", "Volga"),
        (
            *((32.5, 57.1), (34.3, 56.3), (35.9, 56.9), (38.3, 58.1), (39.9, 57.6), (44.0, 56.3)),
            *((46.0, 55.9), (48.2, 54.5), (46.0, 51.5), (44.6, 48.8), (47.5, 46.2)),
        ),
    ),
    (("Десна", "Десна", "Desna"), ((33.3, 54.0), (34.2, 53.2), (32.9, 52.0), (31.3, 51.5))),
)
WORDS: Final = {
    # Language: title, under it, launches, losses, total, legend, route, strike, front, scale unit.
    "ru": (
        "НАПРАВЛЕНИЯ УДАРОВ БЕСПИЛОТНИКОВ",
        "по данным объективного контроля",
        "районы пуска",
        "УНИЧТОЖЕНО БПЛА",
        "ВСЕГО",
        "УСЛОВНЫЕ ОБОЗНАЧЕНИЯ",
        "маршруты полёта",
        "место поражения",
        "область",
        "км",
        "в ночь на {d} декабря 2025 г.",
    ),
    "uk": (
        "НАПРЯМКИ АТАК УДАРНИХ БПЛА",
        "за даними Повітряних сил",
        "райони пуску",
        "ЗБИТО ЦІЛЕЙ",
        "РАЗОМ",
        "УМОВНІ ПОЗНАЧЕННЯ",
        "маршрути польоту",
        "місце ураження",
        "область",
        "км",
        "у ніч на {d} грудня 2025 р.",
    ),
    "en": (
        "DRONE FLIGHT DIRECTIONS",
        "according to official data",
        "launch areas",
        "INTERCEPTED",
        "TOTAL",
        "LEGEND",
        "flight routes",
        "impact sites",
        "region",
        "km",
        "night of {d} December 2025",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town that maps show.

    Attributes:
        names: In Russian, Ukrainian and English.
        rank: 3 for a capital, 2 for a regional centre, 1 for others.
        lon: Degrees east, as GeoNames has it.
        lat: Degrees north.
    """

    names: tuple[str, str, str]
    rank: int
    lon: float
    lat: float


@cache
def towns() -> tuple[Town, ...]:
    """Returns the towns, with GeoNames' positions.

    Raises:
        LookupError: The gazetteer has no town of one of the names.
    """
    known: dict[tuple[str, str], list[tuple[bool, int, float, float]]] = defaultdict(list)
    text = lzma.decompress(GAZETTEER.read_bytes()).decode("utf-8")
    for row in text.splitlines()[1:]:
        _, name, country, _, lon, lat, people, names = row.split("\t")
        for each in {name.casefold(), *names.split("|")}:
            hit = (name.casefold() in _LATIN, int(people), float(lon), float(lat))
            known[country, each].append(hit)
    found = []
    for line in _TOWNS.strip().splitlines():
        country, rank, names = line.split(" ", 2)
        ru, uk, en = names.split("|")
        spellings = [n.casefold().replace("ё", "е") for n in (ru, uk, en)]
        spellings += [n.replace("-", " ").replace("'", "") for n in spellings]
        # Old names of other towns are among the hits: the town that bears most of the three is meant.
        hits = Counter(hit for n in dict.fromkeys(spellings) for hit in known.get((country, n), ()))
        if not hits:
            raise LookupError(f"The gazetteer has no {en}.")
        *_, lon, lat = max(hits, key=lambda hit: (hits[hit], hit))
        found.append(Town(names=(ru, uk, en), rank=int(rank), lon=lon, lat=lat))
    return tuple(found)
