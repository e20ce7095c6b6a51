"""The words that people type for months, days of the week, times of day and zones.

Lower case, without accents of stress. Must not live here: how a text is read (typed.py).
"""

from collections.abc import Mapping

_MONTHS = (
    "january jan січня січень січ января январь янв janvier janv يناير كانون_الثاني",
    "february feb febr лютого лютий лют февраля февраль фев février fevrier févr fevr فبراير شباط",
    "march mar березня березень бер марта март мар mars مارس آذار اذار",
    "april apr квітня квітень кві апреля апрель апр avril avr أبريل ابريل نيسان",
    "may травня травень тра мая май mai مايو أيار ايار",
    "june jun червня червень чер июня июнь июн juin يونيو حزيران",
    "july jul липня липень лип июля июль июл juillet juil يوليو تموز",
    "august aug серпня серпень сер августа август авг août aout أغسطس اغسطس آب",
    "september sept sep вересня вересень вер сентября сентябрь сен septembre سبتمبر أيلول ايلول",
    "october oct жовтня жовтень жов октября октябрь окт octobre أكتوبر اكتوبر تشرين_الأول",
    "november nov листопада листопад лис ноября ноябрь ноя novembre نوفمبر تشرين_الثاني",
    "december dec грудня грудень гру декабря декабрь дек décembre decembre ديسمبر كانون_الأول",
)
MONTHS: Mapping[str, int] = {
    name.replace("_", " "): number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names.split()
}

_WEEKDAYS = (
    "monday mon понеділок понедельник lundi الاثنين الإثنين",
    "tuesday tues tue вівторок вторник mardi الثلاثاء",
    "wednesday wed середа среда mercredi الأربعاء الاربعاء",
    "thursday thurs thur thu четвер четверг jeudi الخميس",
    "friday fri п'ятниця пятница vendredi الجمعة",
    "saturday sat субота суббота samedi السبت",
    "sunday sun неділя воскресенье dimanche الأحد الاحد",
)
WEEKDAYS: Mapping[str, int] = {
    name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()
}

NOON = ("noon", "midday", "полдень", "опівдні", "midi")
MIDNIGHT = ("midnight", "полночь", "опівночі", "minuit")
ABOUT = ("about", "around", "approximately", "approx.", "approx", "circa", "ca.", "roughly")
NO_TIME = ("time not stated", "time unknown", "no time stated", "no time", "whole day")
NO_DAY = ("day not stated",)
NO_ZONE = ("zone not stated", "zone unknown", "no zone stated", "no zone")
ASSUMED = ("assumed", "assuming")
UNKNOWN = ("unknown", "not known", "not stated")

# What stands between the parts and says nothing of its own.
_FILLERS = """
    at on of the o'clock hours hrs hour time standard by in from d.c d.c. dc year
    за le la à de du heure heures в о у по год года г г. року рік р р. годині часов час
    في يوم الساعة عام سنة بتوقيت توقيت
"""
FILLERS = frozenset(_FILLERS.split())

# Cities, capitals and countries that IANA names otherwise or not at all.
PLACES: Mapping[str, str] = {
    "abu dhabi": "Asia/Dubai",
    "ankara": "Europe/Istanbul",
    "beijing": "Asia/Shanghai",
    "bern": "Europe/Zurich",
    "delhi": "Asia/Kolkata",
    "doha": "Asia/Qatar",
    "egypt": "Africa/Cairo",
    "geneva": "Europe/Zurich",
    "greenwich": "UTC",
    "greenwich mean": "UTC",
    "iran": "Asia/Tehran",
    "islamabad": "Asia/Karachi",
    "israel": "Asia/Jerusalem",
    "japan": "Asia/Tokyo",
    "kiev": "Europe/Kyiv",
    "mekelle": "Africa/Addis_Ababa",
    "new delhi": "Asia/Kolkata",
    "pretoria": "Africa/Johannesburg",
    "saint petersburg": "Europe/Moscow",
    "sana'a": "Asia/Aden",
    "sanaa": "Asia/Aden",
    "st petersburg": "Europe/Moscow",
    "st. petersburg": "Europe/Moscow",
    "tel aviv": "Asia/Jerusalem",
    "the hague": "Europe/Amsterdam",
    "turkey": "Europe/Istanbul",
    "türkiye": "Europe/Istanbul",
    "washington": "America/New_York",
    "zürich": "Europe/Zurich",
    "киев": "Europe/Kyiv",
    "киеву": "Europe/Kyiv",
    "київ": "Europe/Kyiv",
    "києвом": "Europe/Kyiv",
    "київським": "Europe/Kyiv",
    "киевское": "Europe/Kyiv",
    "москва": "Europe/Moscow",
    "москве": "Europe/Moscow",
    "московское": "Europe/Moscow",
    "мск": "Europe/Moscow",
    "moscou": "Europe/Moscow",
    "genève": "Europe/Zurich",
    "beyrouth": "Asia/Beirut",
    "jérusalem": "Asia/Jerusalem",
    "موسكو": "Europe/Moscow",
    "كييف": "Europe/Kyiv",
    "بيروت": "Asia/Beirut",
    "القدس": "Asia/Jerusalem",
    "غزة": "Asia/Gaza",
    "دمشق": "Asia/Damascus",
    "بغداد": "Asia/Baghdad",
    "القاهرة": "Africa/Cairo",
    "صنعاء": "Asia/Aden",
    "الخرطوم": "Africa/Khartoum",
    "طرابلس": "Africa/Tripoli",
    "غرينتش": "UTC",
    # Abbreviations that mean one zone only.
    "z": "UTC",
    "utc": "UTC",
    "gmt": "UTC",
    "msk": "Europe/Moscow",
    "trt": "Europe/Istanbul",
    "irst": "Asia/Tehran",
    "aft": "Asia/Kabul",
    "azt": "Asia/Baku",
    "pkt": "Asia/Karachi",
    "npt": "Asia/Kathmandu",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "sast": "Africa/Johannesburg",
    "cot": "America/Bogota",
    "vet": "America/Caracas",
}

_EASTERN_EUROPE = ("Europe/Kyiv", "Europe/Bucharest", "Europe/Helsinki", "Asia/Beirut")
_CENTRAL_EUROPE = ("Europe/Berlin", "Europe/Paris", "Europe/Belgrade", "Africa/Tunis")
# Abbreviations that mean several zones: which one is a question. Some are IANA names besides.
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "eet": (*_EASTERN_EUROPE, "Africa/Cairo"),
    "eest": _EASTERN_EUROPE,
    "cet": _CENTRAL_EUROPE,
    "cest": _CENTRAL_EUROPE[:3],
    "met": _CENTRAL_EUROPE[:3],
    "wet": ("Europe/Lisbon", "Africa/Casablanca"),
    "west": ("Europe/Lisbon", "Africa/Casablanca"),
    "ist": ("Asia/Jerusalem", "Asia/Kolkata", "Europe/Dublin"),
    "idt": ("Asia/Jerusalem", "Asia/Gaza"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ast": ("Asia/Riyadh", "Asia/Baghdad", "America/Halifax"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "amt": ("Asia/Yerevan", "America/Manaus"),
    "get": ("Asia/Tbilisi", "America/Cayenne"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "cdt": ("America/Chicago", "America/Havana"),
    "est": ("America/New_York", "America/Panama", "Australia/Sydney"),
    "edt": ("America/New_York", "America/Toronto", "Australia/Sydney"),
    "mst": ("America/Denver", "America/Phoenix", "Asia/Yangon"),
    "mdt": ("America/Denver", "America/Edmonton"),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "pdt": ("America/Los_Angeles", "America/Vancouver"),
    "hst": ("Pacific/Honolulu", "America/Adak"),
    "eat": ("Africa/Nairobi", "Africa/Addis_Ababa", "Africa/Mogadishu"),
    "cat": ("Africa/Khartoum", "Africa/Maputo", "Africa/Lubumbashi"),
    "wat": ("Africa/Lagos", "Africa/Ndjamena", "Africa/Kinshasa"),
    "sst": ("Asia/Singapore", "Pacific/Pago_Pago"),
}
