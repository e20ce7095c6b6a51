"""States as texts name them: code, name, other names, demonyms, capital and seats of government.

One line a state, fields parted by ``|``, several values by commas. Demonyms are adjectives too.
"""

from collections.abc import Iterator

_TABLE = """
AF|Afghanistan||Afghan,Afghans|Kabul
AL|Albania||Albanian,Albanians|Tirana
DZ|Algeria||Algerian,Algerians|Algiers
AO|Angola||Angolan,Angolans|Luanda
AR|Argentina||Argentine,Argentinian|Buenos Aires
AM|Armenia||Armenian,Armenians|Yerevan
AU|Australia||Australian,Australians|Canberra
AT|Austria||Austrian,Austrians|
AZ|Azerbaijan||Azerbaijani,Azerbaijanis,Azeri|Baku
BH|Bahrain||Bahraini,Bahrainis|Manama
BD|Bangladesh||Bangladeshi,Bangladeshis|Dhaka
BY|Belarus||Belarusian,Belarusians|
BE|Belgium||Belgian,Belgians|
BJ|Benin||Beninese|
BO|Bolivia||Bolivian,Bolivians|La Paz
BA|Bosnia and Herzegovina|Bosnia|Bosnian,Bosnians|Sarajevo
BW|Botswana||Botswanan|
BR|Brazil||Brazilian,Brazilians|Brasilia
BG|Bulgaria||Bulgarian,Bulgarians|Sofia
BF|Burkina Faso||Burkinabe|Ouagadougou
BI|Burundi||Burundian,Burundians|Bujumbura
KH|Cambodia||Cambodian,Cambodians|Phnom Penh
CM|Cameroon||Cameroonian,Cameroonians|Yaounde
CA|Canada||Canadian,Canadians|Ottawa
CF|Central African Republic|CAR|Central African|Bangui
TD|Chad||Chadian,Chadians|N'Djamena
CL|Chile||Chilean,Chileans|
CN|China|People's Republic of China|Chinese|Beijing
CO|Colombia||Colombian,Colombians|Bogota,Bogotá
KM|Comoros||Comorian|
CG|Republic of the Congo|Congo-Brazzaville||Brazzaville
CD|Democratic Republic of the Congo|Democratic Republic of Congo,DR Congo,DRC,Congo|Congolese|\
Kinshasa
CR|Costa Rica||Costa Rican|
HR|Croatia||Croatian,Croatians|Zagreb
CU|Cuba||Cuban,Cubans|Havana
CY|Cyprus|Republic of Cyprus|Cypriot,Greek Cypriot,Cypriots|Nicosia
CZ|Czechia|Czech Republic|Czech,Czechs|Prague
DK|Denmark||Danish|Copenhagen
DJ|Djibouti||Djiboutian|
EC|Ecuador||Ecuadorian|Quito
EG|Egypt||Egyptian,Egyptians|Cairo
SV|El Salvador||Salvadoran,Salvadorans|
ER|Eritrea||Eritrean,Eritreans|Asmara
EE|Estonia||Estonian,Estonians|Tallinn
ET|Ethiopia||Ethiopian,Ethiopians|Addis Ababa
FI|Finland||Finnish|Helsinki
FR|France||French|Paris,Elysee,Élysée
GE|Georgia||Georgian,Georgians|Tbilisi
DE|Germany||German,Germans|Berlin
GH|Ghana||Ghanaian|Accra
GR|Greece||Greek,Greeks|Athens
GT|Guatemala||Guatemalan,Guatemalans|
GN|Guinea||Guinean|Conakry
HT|Haiti||Haitian,Haitians|Port-au-Prince
HN|Honduras||Honduran|
HU|Hungary||Hungarian,Hungarians|Budapest
IN|India||Indian,Indians|New Delhi,Delhi
ID|Indonesia||Indonesian,Indonesians|Jakarta
IR|Iran|Islamic Republic of Iran|Iranian,Iranians|Tehran
IQ|Iraq||Iraqi,Iraqis|Baghdad
IE|Ireland||Irish|Dublin
IL|Israel|State of Israel|Israeli,Israelis|Jerusalem,Tel Aviv,IDF,Israel Defense Forces
IT|Italy||Italian,Italians|Rome
CI|Ivory Coast|Côte d'Ivoire,Cote d'Ivoire|Ivorian,Ivorians|Abidjan
JP|Japan||Japanese|Tokyo
JO|Jordan||Jordanian,Jordanians|Amman
KZ|Kazakhstan||Kazakh,Kazakhs|Astana
KE|Kenya||Kenyan,Kenyans|Nairobi
XK|Kosovo||Kosovar,Kosovars,Kosovan|Pristina
KW|Kuwait||Kuwaiti,Kuwaitis|
KG|Kyrgyzstan||Kyrgyz|Bishkek
LA|Laos||Lao,Laotian|Vientiane
LV|Latvia||Latvian,Latvians|Riga
LB|Lebanon|Republic of Lebanon|Lebanese|Beirut,LAF,Lebanese Armed Forces
LR|Liberia||Liberian,Liberians|Monrovia
LY|Libya||Libyan,Libyans|Tripoli
LT|Lithuania||Lithuanian,Lithuanians|Vilnius
MG|Madagascar||Malagasy|Antananarivo
MY|Malaysia||Malaysian,Malaysians|Kuala Lumpur
ML|Mali||Malian,Malians|Bamako
MR|Mauritania||Mauritanian,Mauritanians|Nouakchott
MX|Mexico||Mexican,Mexicans|Mexico City
MD|Moldova||Moldovan,Moldovans|Chisinau,Chișinău
MN|Mongolia||Mongolian|Ulaanbaatar
ME|Montenegro||Montenegrin|Podgorica
MA|Morocco||Moroccan,Moroccans|Rabat
MZ|Mozambique||Mozambican,Mozambicans|Maputo
MM|Myanmar|Burma|Burmese|Naypyidaw,Tatmadaw
NP|Nepal||Nepali,Nepalese|Kathmandu
NL|Netherlands||Dutch|The Hague
NZ|New Zealand||New Zealander|Wellington
NI|Nicaragua||Nicaraguan,Nicaraguans|Managua
NE|Niger||Nigerien|Niamey
NG|Nigeria||Nigerian,Nigerians|Abuja
KP|North Korea|DPRK,Democratic People's Republic of Korea|North Korean,North Koreans|Pyongyang
MK|North Macedonia||Macedonian|Skopje
NO|Norway||Norwegian,Norwegians|Oslo
OM|Oman||Omani,Omanis|Muscat
PK|Pakistan||Pakistani,Pakistanis|Islamabad,Rawalpindi
PS|Palestine|Palestinian Authority,State of Palestine|Palestinian,Palestinians|Ramallah
PG|Papua New Guinea|||Port Moresby
PE|Peru||Peruvian,Peruvians|Lima
PH|Philippines||Philippine,Filipino,Filipinos|Manila
PL|Poland||Polish|Warsaw
PT|Portugal||Portuguese|Lisbon
QA|Qatar||Qatari,Qataris|Doha
RO|Romania||Romanian,Romanians|Bucharest
RU|Russia|Russian Federation|Russian,Russians|Moscow,Kremlin
RW|Rwanda||Rwandan,Rwandans|Kigali
SA|Saudi Arabia||Saudi,Saudis|Riyadh
SN|Senegal||Senegalese|Dakar
RS|Serbia||Serbian,Serb,Serbs|Belgrade
SL|Sierra Leone||Sierra Leonean|Freetown
SG|Singapore||Singaporean|
SK|Slovakia||Slovak,Slovaks|Bratislava
SI|Slovenia||Slovenian|Ljubljana
SO|Somalia||Somali,Somalis|Mogadishu
ZA|South Africa||South African,South Africans|Pretoria
KR|South Korea|Republic of Korea|South Korean,South Koreans|Seoul
SS|South Sudan||South Sudanese|Juba
ES|Spain||Spanish|Madrid
LK|Sri Lanka||Sri Lankan,Sri Lankans|Colombo
SD|Sudan||Sudanese|Khartoum,Port Sudan
SE|Sweden||Swedish|Stockholm
CH|Switzerland||Swiss|Bern
SY|Syria|Syrian Arab Republic|Syrian,Syrians|Damascus
TW|Taiwan||Taiwanese|Taipei
TJ|Tajikistan||Tajik,Tajiks|Dushanbe
TZ|Tanzania||Tanzanian|Dodoma
TH|Thailand||Thai,Thais|Bangkok
TL|Timor-Leste|East Timor|Timorese|Dili
TG|Togo||Togolese|Lome
TN|Tunisia||Tunisian,Tunisians|Tunis
TR|Turkey|Türkiye,Turkiye|Turkish,Turks|Ankara
TM|Turkmenistan||Turkmen|Ashgabat
UG|Uganda||Ugandan,Ugandans|Kampala
UA|Ukraine||Ukrainian,Ukrainians|Kyiv,Kiev
AE|United Arab Emirates|UAE|Emirati,Emiratis|Abu Dhabi
GB|United Kingdom|UK,U.K.,Britain,Great Britain|British|London,Downing Street,Whitehall
US|United States|US,U.S.,USA,America|American,Americans|Washington,White House,Pentagon
UY|Uruguay||Uruguayan|Montevideo
UZ|Uzbekistan||Uzbek,Uzbeks|Tashkent
VE|Venezuela||Venezuelan,Venezuelans|Caracas
VN|Vietnam|Viet Nam|Vietnamese|Hanoi
EH|Western Sahara||Sahrawi,Sahrawis|
YE|Yemen||Yemeni,Yemenis|Sanaa,Sana'a,Aden
ZM|Zambia||Zambian|Lusaka
ZW|Zimbabwe||Zimbabwean|Harare
"""

# Bodies and armed groups that texts name in short. Name, then other names.
BODIES = """
United Nations|UN,U.N.,Secretary-General
UN Security Council|Security Council,UNSC,U.N. Security Council,United Nations Security Council
European Union|EU,E.U.,Brussels
African Union|AU
NATO|North Atlantic Treaty Organization
OSCE|Organization for Security and Co-operation in Europe,Special Monitoring Mission
ECOWAS|
IGAD|Intergovernmental Authority on Development
Arab League|League of Arab States
UNIFIL|United Nations Interim Force in Lebanon,UN Interim Force in Lebanon
Red Cross|ICRC,International Committee of the Red Cross
Hezbollah|Hizbollah,Hizbullah,Hezbollah's
Hamas|
Islamic Jihad|Palestinian Islamic Jihad
Houthis|Houthi,Ansar Allah,Ansarullah,Huthis
Taliban|
FARC|Revolutionary Armed Forces of Colombia
ELN|
M23|M23 movement
RSF|Rapid Support Forces
Sudanese Armed Forces|SAF
TPLF|Tigray People's Liberation Front
Kurdistan Workers' Party|PKK,Kurdistan Workers’ Party
Syrian Democratic Forces|SDF
Polisario|Polisario Front
Al-Shabaab|al-Shabab,Al Shabaab,al-Shabaab
Donetsk People's Republic|DPR
Luhansk People's Republic|LPR
Arakan Army|
Karen National Union|KNU
Moro Islamic Liberation Front|MILF
Moro National Liberation Front|MNLF
Kachin Independence Army|KIA
Ta'ang National Liberation Army|TNLA
Myanmar National Democratic Alliance Army|MNDAA
FDLR|Democratic Forces for the Liberation of Rwanda
SPLM-N|SPLM-North
Libyan National Army|LNA
Southern Transitional Council|STC
Oromo Liberation Army|OLA
Palestinian Authority|
ASEAN|Association of Southeast Asian Nations
"""

# Who speaks for whom, by surname. Others are learnt from the text itself ("Sudan's president X").
LEADERS = """
RU|Putin,Lavrov,Peskov,Medvedev,Zakharova,Ushakov
UA|Zelensky,Zelenskyy,Zelenskiy,Zelenskyi,Poroshenko,Umerov,Sybiha,Kuleba,Yermak
US|Trump,Biden,Obama,Rubio,Vance,Witkoff,Blinken,Leavitt,Waltz,Kerry
IL|Netanyahu,Gallant,Katz,Herzog
FR|Macron
TR|Erdogan,Erdoğan,Fidan
IR|Khamenei,Araghchi,Pezeshkian
CN|Xi
SY|Assad,al-Sharaa
LB|Mikati,Berri,Salam,Aoun
AZ|Aliyev
AM|Pashinyan
IN|Modi,Jaishankar,Misri
PK|Sharif,Dar,Munir
GB|Starmer,Lammy
DE|Merz,Scholz,Wadephul
SD|Burhan
ET|Abiy
SS|Kiir
CD|Tshisekedi
RW|Kagame,Nduhungirehe
CO|Petro
EG|Sisi,Abdelatty
TH|Phumtham,Anutin
KH|Manet
QA|al-Ansari
"""

# Likewise for bodies, by the body's name.
SPEAKERS = """
United Nations|Guterres,Dujarric,Grundberg,Pedersen,Lacroix,Hennis-Plasschaert
European Union|Kallas,Borrell
RSF|Hemedti,Dagalo,Hemeti
Hezbollah|Nasrallah,Qassem
Hamas|Haniyeh,Sinwar,Meshaal,al-Hayya
TPLF|Debretsion,Getachew
M23|Nangaa,Kanyuka
Houthis|al-Houthi,Saree
"""


def states() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Each state: code, name, words that stand for it alone, words that are adjectives as well."""
    for line in _TABLE.strip().splitlines():
        code, name, others, demonyms, seats = [*line.split("|"), "", ""][:5]
        alone = [name, *_split(others), *_split(seats)]
        yield code, name, alone, _split(demonyms)


def bodies() -> Iterator[tuple[str, list[str]]]:
    for line in BODIES.strip().splitlines():
        name, others = line.split("|")
        yield name, [name, *_split(others)]


def leaders() -> Iterator[tuple[str, str]]:
    """Each leader's surname with the code of the state that he speaks for."""
    yield from _named(LEADERS)


def speakers() -> Iterator[tuple[str, str]]:
    """Each surname with the name of the body that its bearer speaks for."""
    yield from _named(SPEAKERS)


def _named(table: str) -> Iterator[tuple[str, str]]:
    for line in table.strip().splitlines():
        whose, names = line.split("|")
        for name in _split(names):
            yield name, whose


def _split(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(",") if one.strip()]
