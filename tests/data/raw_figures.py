"""Published figures counted again from the published tables, by SQL and with nothing of the package."""

from pathlib import Path

import duckdb

DIRECTED = ("defence_pledge",)
PLEDGES = {
    "defence": "atop_defense",
    "defence_pledge": "atop_defense",
    "offence": "atop_offense",
    "neutrality": "atop_neutral",
    "nonaggression": "atop_nonagg",
    "consultation": "atop_consul",
}
EVE = "make_date(y::INT, 12, 31)"  # the last day of the year y
NMC = "(SELECT * FROM {cow_nmc_7_0} WHERE NOT (year = 1990 AND ccode IN (260, 678)))"  # the numbers of 31 December
BEGUN = "make_date(styear, stmonth, stday)"
ENDED = "make_date(endyear, endmonth, endday)"
HOST = "ccode BETWEEN 3 AND 999"  # other numbers are territories, ships and unknown places
MONTHS = "(VALUES ('March', '-03-31'), ('June', '-06-30'), ('December', '-12-31')) m(name, day)"
MEMBER = """
    (SELECT *, make_date(yrent::INT, greatest(moent, 1)::INT, 1) AS entered,
    CASE WHEN yrexit > 0 THEN make_date(yrexit::INT, greatest(moexit, 1)::INT, 1) ELSE DATE '2100-01-01' END AS left_on
    FROM {atop_4_01_member} WHERE yrent > 0 AND (yrexit = 0 OR (yrexit, moexit, dayexit) >= (yrent, moent, dayent)))"""
REGIME = (
    "(SELECT cowcode AS ccode, strptime(gwf_startdate, '%-m/%-d/%Y') AS first, strptime(gwf_enddate, '%-m/%-d/%Y') AS "
    "last FROM {reign_regime_list})"
)
DYAD = "(least(one(ccode1), one(ccode2)), greatest(one(ccode1), one(ccode2)))"

CODES = "(SELECT cown, iso3c FROM {countrycode_codelist} WHERE cown IS NOT NULL AND iso3c IS NOT NULL)"
FOCUS = "('CHN', 'JPN', 'KOR', 'PRK', 'RUS', 'TWN', 'USA')"
DOUBLED = "('CUB', 'GRC', 'IRN', 'ITA', 'KGZ', 'KOR', 'ROU', 'RUS', 'TUR')"  # trap 1 of the tables
NAMES = (
    "(SELECT unnest(['China', 'Japan', 'South Korea', 'United States']) AS name, "
    "unnest(['CHN', 'JPN', 'KOR', 'USA']) AS code)"
)
SUMMED = {  # year, column and table of layers that take an estimate as it is
    "democracy": ("year", "v2x_polyarchy", "isard_cow_democracy"),
    "ideal_point": ("(1945 + session)", '"IdealPointAll"', "unga_ideal_points_jun2024"),
    "ideal_point_sd": ("(1945 + session)", '("Q95%All" - "Q5%All") / 3.2897073', "unga_ideal_points_jun2024"),
    "external_threat": ("year", "lsthreat", "leeds_savun_external_threat"),
    "territorial_threat": ("year", "lterrthreat", "latent_territorial_threat"),
    "military_spending": ("year", "milex", "cow_nmc_7_0"),
}

QUERIES = {
    ("exists", "holding"): f"""
        SELECT {EVE}, count(DISTINCT one(ccode)) FROM years JOIN {{cow_states_2016}}
        ON {BEGUN} <= {EVE} AND {ENDED} >= {EVE} WHERE y <= 2016 GROUP BY ALL""",
    ("major_power", "holding"): f"""
        SELECT {EVE}, count(DISTINCT one(ccode)) FROM years JOIN {{cow_majors}}
        ON {BEGUN} <= {EVE} AND {ENDED} >= {EVE} WHERE y <= 2016 GROUP BY ALL""",
    **{
        (layer, "holding"): f"""
        SELECT year, count(DISTINCT {"(one(ccode1), one(ccode2))" if layer in DIRECTED else DYAD})
        FROM {{atop_5_1_directed_dyad_year}} WHERE {column} = 1 AND one(ccode1) <> one(ccode2) GROUP BY ALL"""
        for layer, column in PLEDGES.items()
    },
    ("dispute", "sum"): f"""
        SELECT year, count(DISTINCT ({DYAD}, dispnum)) FROM {{cow_mid_5_0_ddy}} WHERE cowmidonset = 1 GROUP BY ALL""",
    ("capability", "rows"): f"SELECT year, count(*) FROM {NMC} WHERE cinc IS NOT NULL GROUP BY ALL",
    ("capability", "sum"): f"SELECT year, sum(cinc) FROM {NMC} GROUP BY ALL",
    (
        "military_spending",
        "rows",
    ): "SELECT year, count(DISTINCT one(ccode)) FROM {cow_nmc_7_0} WHERE milex IS NOT NULL GROUP BY ALL",
    ("population", "sum"): f"SELECT year, sum(tpop) * 1000 FROM {NMC} GROUP BY ALL",
    ("population", "rows"): f"SELECT year, count(*) FROM {NMC} WHERE tpop IS NOT NULL GROUP BY ALL",
    ("democracy", "rows"): """
        SELECT year, count(DISTINCT one(ccode)) FROM {isard_cow_democracy} WHERE v2x_polyarchy IS NOT NULL
        GROUP BY ALL""",
    ("ideal_point", "rows"): """
        SELECT 1945 + session, count(DISTINCT one(ccode)) FROM {unga_ideal_points_jun2024}
        WHERE IdealPointAll IS NOT NULL GROUP BY ALL""",
    ("election", "rows"): """
        SELECT elec_year, count(DISTINCT (ccode, elec_month, elec_day)) FROM {reign_electionlist_2021_03}
        WHERE lower(trim(event)) LIKE 'vote,%' AND type IN ('X', 'L') GROUP BY ALL""",
    ("leader", "holding"): f"""
        SELECT {EVE}, count(DISTINCT one(ccode)) FROM years JOIN (
            SELECT ccode, make_date(syear::INT, smonth::INT, sdate::INT) AS first, eyear
            FROM {{reign_leaderlist_2021_03}}
            UNION ALL SELECT gwcode, startdate, year(enddate) FROM {{archigos_4_1}} WHERE gwcode IN (511, 713)
        ) ON first <= {EVE} AND (eyear IS NULL OR eyear > y) WHERE y <= 2014 GROUP BY ALL""",
    ("agreement", "holding"): f"""
        WITH there AS (SELECT {EVE} AS day, atopid, one(member) AS who FROM years JOIN {MEMBER}
            ON entered <= {EVE} AND left_on > {EVE} WHERE bilat = 1 AND y <= 2015)
        SELECT day, count(DISTINCT (atopid, a.who, b.who)) FROM there a JOIN there b USING (day, atopid)
        WHERE a.who < b.who GROUP BY ALL""",
    ("membership", "holding"): f"""
        SELECT {EVE}, count(DISTINCT (one(member), atopid, phase)) FROM years JOIN {MEMBER}
        ON entered <= {EVE} AND left_on > {EVE} WHERE y <= 2015 GROUP BY ALL""",
    ("integrated_defence", "holding"): """
        WITH dated AS (SELECT atopid, phase, one(member) AS who, m.defense = 1 AS pledges,
            coalesce(make_date(yrent, moent, dayent), last_day(make_date(yrent, moent, 1))) AS first,
            CASE yrexit WHEN 0 THEN DATE '2100-01-01'
                ELSE coalesce(make_date(yrexit, moexit, dayexit), last_day(make_date(yrexit, moexit, 1))) END AS last
            FROM {atop_4_01_member} m JOIN {atop_4_01_alliance} a USING (atopid)
            WHERE a.base > 0 OR a.intcom = 1 OR a.milcon = 3)
        SELECT make_date(y::INT, 12, 31) AS eve, count(DISTINCT (a.who, b.who)) FROM years, dated a JOIN dated b
        USING (atopid, phase) WHERE a.who < b.who AND (a.pledges OR b.pledges) AND y <= 2016
        AND eve BETWEEN a.first AND a.last AND eve BETWEEN b.first AND b.last GROUP BY ALL""",
    ("regime", "holding"): f"""
        SELECT {EVE}, count(DISTINCT one(ccode)) FROM years JOIN {REGIME} ON first <= {EVE} AND last >= {EVE}
        GROUP BY ALL""",
    ("contiguity", "holding"): f"""
        SELECT {EVE}, count(DISTINCT {DYAD}) FROM years JOIN {{cow_contiguity_3_2}} ON stdate <= {EVE}
        AND last_day(enddate) >= {EVE} WHERE conttype > 0 AND y <= 2016 GROUP BY ALL""",
    ("rivalry", "holding"): f"""
        SELECT {EVE}, count(DISTINCT {DYAD}) FROM years JOIN {{tss_rivalries}} ON start <= y AND "end" >= y
        WHERE y <= 2020 GROUP BY ALL""",
    ("distance", "holding"): f"""
        SELECT make_date(year, 12, 31), count(DISTINCT {DYAD}) FROM {{cow_min_distance}} WHERE mindist IS NOT NULL
        AND one(ccode1) <> one(ccode2) GROUP BY ALL""",
    **{
        ("gdp", measure): f"""
        SELECT "Year", {what} FROM {{wb_gdp_current_usd}} WHERE "Value" >= 1e6 AND ("Country Code" = 'XKX' OR
        "Country Code" IN (SELECT "ISO3166-1-Alpha-3" FROM {{datasets_country_codes}} WHERE is_independent = 'Yes'))
        GROUP BY ALL"""
        for measure, what in (("rows", "count(*)"), ("sum", 'sum("Value")'))
    },
    ("defence_effort", "rows"): f"""
        SELECT n.year, count(DISTINCT ccode) FROM {NMC} n JOIN {{wb_gdp_current_usd}} w ON n.year = w."Year"
        JOIN {{countrycode_codelist}} c ON c.iso3c = "Country Code" AND c.cown = one(ccode)
        WHERE milex >= 0 AND "Value" >= 1e6 GROUP BY ALL""",
    ("gdp_estimate", "rows"): """
        SELECT year, count(DISTINCT one(ccode)) FROM {isard_cow_gdp_pop} WHERE pwtrgdp IS NOT NULL GROUP BY ALL""",
    ("civil_conflict", "rows"): """
        SELECT year, count(DISTINCT gwno_a) FROM {ucdp_acd_25_1} WHERE type_of_conflict IN ('intrastate', 'II')
        AND gwno_a IS NOT NULL GROUP BY ALL""",
    ("external_threat", "rows"): """
        SELECT year, count(DISTINCT one(ccode)) FROM {leeds_savun_external_threat} WHERE lsthreat IS NOT NULL
        GROUP BY ALL""",
    ("territorial_threat", "rows"): """
        SELECT year, count(DISTINCT one(ccode)) FROM {latent_territorial_threat} WHERE lterrthreat IS NOT NULL
        GROUP BY ALL""",
    ("shared_igos", "rows"): f"""
        SELECT year, count(DISTINCT {DYAD}) FROM {{cow_igo_dyad_year}} WHERE dyadigos >= 0
        AND one(ccode1) <> one(ccode2) GROUP BY ALL""",
    ("shared_igos", "sum"): f"""
        SELECT year, sum(most) FROM (SELECT year, max(dyadigos) AS most FROM {{cow_igo_dyad_year}} WHERE dyadigos >= 0
        AND one(ccode1) <> one(ccode2) GROUP BY year, {DYAD}) GROUP BY ALL""",
    ("exports", "sum"): "SELECT year, sum(flow1) FROM {cow_trade_4_0_ddy} WHERE flow1 >= 0 GROUP BY ALL",
    ("exports", "rows"): """
        SELECT year, count(DISTINCT (one(ccode1), one(ccode2))) FROM {cow_trade_4_0_ddy} WHERE flow1 >= 0
        AND one(ccode1) <> one(ccode2) GROUP BY ALL""",
    ("diplomatic_exchange", "positive"): """
        SELECT year, count(DISTINCT (one(a), one(b))) FROM (
            SELECT year, ccode1 AS a, ccode2 AS b, DR_at_2 AS level FROM {cow_diplomatic_exchange_derived} UNION ALL
            SELECT year, ccode2, ccode1, DR_at_1 FROM {cow_diplomatic_exchange_derived}
        ) WHERE level > 0 AND one(a) <> one(b) GROUP BY ALL""",
    ("warheads", "positive"): """
        SELECT "Year", count(*) FROM {nuclear_warhead_stockpiles_fas_2023} WHERE "Number of nuclear warheads" > 0
        AND length("Code") = 3 GROUP BY ALL""",
    ("warheads", "sum"): """
        SELECT "Year", sum("Number of nuclear warheads") FROM {nuclear_warhead_stockpiles_fas_2023}
        WHERE length("Code") = 3 GROUP BY ALL""",
    ("interstate_conflict", "rows"): """
        WITH a AS (SELECT conflict_id, year, unnest([gwno_a, gwno_a_2nd]) AS one FROM {ucdp_acd_25_1}
            WHERE type_of_conflict = 'interstate'),
        b AS (SELECT conflict_id, year, unnest([gwno_b, gwno_b_2nd]) AS two FROM {ucdp_acd_25_1}
            WHERE type_of_conflict = 'interstate')
        SELECT year, count(DISTINCT (least(one, two), greatest(one, two))) FROM a JOIN b USING (conflict_id, year)
        WHERE one IS NOT NULL AND two IS NOT NULL GROUP BY ALL""",
    ("exercise", "rows"): """
        SELECT a.year, count(DISTINCT (a."MMEID", a.gwcode, b.gwcode)) FROM {mme_v7_exercises_long} a
        JOIN {mme_v7_exercises_long} b ON a."MMEID" = b."MMEID" AND a.year = b.year AND a.gwcode < b.gwcode
        GROUP BY ALL""",
    ("coalition_change", "sum"): """
        SELECT CAST(changed AS INT), count(*) FROM (
            UNPIVOT (SELECT ccode, solschyr1, solschyr2, solschyr3, solschyr4, solschyr5, solschyr6, solschyr7
            FROM {chisols_4_0_state_year}) ON COLUMNS('solschyr.*') INTO NAME slot VALUE changed
        ) GROUP BY ALL""",
    ("visit_president", "rows"): """
        SELECT year, count(*) FROM {us_president_visits} WHERE description NOT LIKE '%President-elect%' GROUP BY ALL""",
    ("visit_secretary", "rows"): "SELECT year, count(*) FROM {us_secretary_visits} GROUP BY ALL",
    ("visit_defence", "rows"): """SELECT "Start Year", count(*) FROM {us_dod_official_visits} GROUP BY ALL""",
    ("troops", "sum"): f"""
        SELECT year || CASE WHEN year < 1957 THEN '-06-30' ELSE '-09-30' END, sum(troops)
        FROM {{us_troops_country_year_classic}} WHERE {HOST} AND year NOT IN (1951, 1952) GROUP BY ALL
        UNION ALL SELECT year || m.day, sum(troops_ad) FROM {{us_troops_dmdc_reports}} JOIN {MONTHS} ON month = m.name
        WHERE {HOST} AND year >= 2013 AND "Location" NOT LIKE 'Total%' GROUP BY ALL""",
    **{
        (layer, "sum"): f"""
        SELECT y, sum(v) FROM (SELECT {year} AS y, arg_max({column}, (ccode NOT IN (260, 678))::INT) AS v
        FROM {{{table}}} WHERE {column} IS NOT NULL AND {year} >= 1950 GROUP BY y, one(ccode)) GROUP BY ALL"""
        for layer, (year, column, table) in SUMMED.items()
    },
    ("defence_effort", "sum"): """
        SELECT n.year, sum(round(milex * 1000.0 / "Value", 6)) FROM (SELECT year, ccode, milex FROM {cow_nmc_7_0}
        WHERE milex >= 0 QUALIFY row_number() OVER (PARTITION BY year, one(ccode) ORDER BY ccode IN (260, 678)) = 1) n
        JOIN {wb_gdp_current_usd} w ON n.year = w."Year" JOIN {countrycode_codelist} c ON c.iso3c = "Country Code"
        AND (c.cown = one(ccode) OR (ccode, iso3c) = (345, 'SRB'))
        WHERE "Value" >= 1e6 GROUP BY ALL""",
    **{
        ("nuclear_status", measure): f"""
        SELECT "Year", {what} FROM {{nuclear_proliferation_status_owid}} WHERE nuclear_weapons_status > 0
        GROUP BY ALL"""
        for measure, what in (("positive", "count(*)"), ("sum", "sum(nuclear_weapons_status)"))
    },
    ("fixed_term", "holding"): f"""
        SELECT {EVE}, count(DISTINCT one(ccode)) FROM years JOIN {REGIME} ON first <= {EVE} AND last >= {EVE}
        GROUP BY ALL""",
    ("opinion", "rows"): """
        SELECT left("date", 4), count(*) FROM {polls} WHERE respondents <> target GROUP BY ALL""",
    ("exercise_early", "rows"): """
        WITH sheet AS (SELECT *, row_number() OVER () AS n FROM {jme_v3_exercises_wide}),
        there AS (SELECT DISTINCT n, "s.year" AS year, upper(trim(code)) AS code FROM (
            UNPIVOT sheet ON COLUMNS('^State [A-Z]+$') INTO NAME slot VALUE code)
            WHERE "s.year" < 1980 AND regexp_full_match(upper(trim(code)), '[A-Z]{{3}}'))
        SELECT a.year, count(*) FROM there a JOIN there b USING (n) WHERE a.code < b.code GROUP BY ALL""",
}

# Figures of single states and dyads: period, state, partner, number.
PLACED = {
    ("troops", "value"): f"""
        WITH hosts AS (SELECT ccode FROM {{us_troops_country_year_classic}} WHERE troops >= 500
            UNION SELECT ccode FROM {{us_troops_dmdc_reports}} WHERE troops_ad >= 500 AND "Location" NOT LIKE 'Total%')
        SELECT year || '-12-31', 'USA', c.iso3c, max(troops_ad) FROM {{us_troops_dmdc_reports}} r
        JOIN {CODES} c ON c.cown = one(r.ccode) WHERE month = 'December' AND year IN (2013, 2016, 2019, 2021, 2024)
        AND "Location" NOT LIKE 'Total%' AND (c.cown IN (SELECT one(ccode) FROM hosts) OR c.iso3c IN {DOUBLED})
        AND troops_ad IS NOT NULL AND c.cown <> 2 AND NOT (c.iso3c IN ('AFG', 'IRQ', 'SYR') AND year >= 2017)
        GROUP BY ALL""",
    **{
        (layer, "value"): f"""
        SELECT {year} || '-12-31', c.iso3c, '', {column} FROM {{{table}}} t JOIN {CODES} c ON c.cown = t.ccode
        WHERE {column} IS NOT NULL AND {year} % 10 = 5 AND {year} >= 1950 AND c.iso3c IN {FOCUS}"""
        for layer, (year, column, table) in SUMMED.items()
    },
    ("fixed_term", "value"): f"""
        SELECT {EVE}, iso3c, '', (gwf_regimetype = 'presidential')::INT FROM years
        JOIN {{reign_regime_list}} r ON strptime(gwf_startdate, '%-m/%-d/%Y') <= {EVE}
        AND strptime(gwf_enddate, '%-m/%-d/%Y') >= {EVE} JOIN {CODES} c ON c.cown = r.cowcode
        WHERE y IN (1980, 2000, 2018) AND iso3c IN {FOCUS}""",
    ("leader", "holding"): f"""
        SELECT {EVE}, iso3c, '', 1 FROM years JOIN {{reign_leaderlist_2021_03}} r
        ON make_date(syear::INT, smonth::INT, sdate::INT) <= {EVE} AND (eyear IS NULL OR eyear > y)
        JOIN {CODES} c ON c.cown = one(r.ccode) WHERE y IN (1965, 1980, 1995, 2005, 2015) AND iso3c IN {FOCUS}
        GROUP BY ALL""",
    ("membership", "holding"): f"""
        SELECT {EVE}, iso3c, '', count(DISTINCT (atopid, phase)) FROM years JOIN {MEMBER} m
        ON entered <= {EVE} AND left_on > {EVE} JOIN {CODES} c ON c.cown = one(m.member)
        WHERE y IN (1975, 2010) GROUP BY ALL""",
    ("agreement", "holding"): f"""
        WITH there AS (SELECT {EVE} AS day, atopid, iso3c FROM years JOIN {MEMBER} m ON entered <= {EVE}
            AND left_on > {EVE} JOIN {CODES} c ON c.cown = one(m.member)
            WHERE bilat = 1 AND y IN (1965, 1990, 2010))
        SELECT day, a.iso3c, b.iso3c, count(DISTINCT atopid) FROM there a JOIN there b USING (day, atopid)
        WHERE a.iso3c < b.iso3c AND (a.iso3c IN {FOCUS} AND b.iso3c IN {FOCUS}) GROUP BY ALL""",
    ("election", "rows"): f"""
        SELECT d || '/' || (d + 9), iso3c, '', count(DISTINCT (elec_year, elec_month, elec_day))
        FROM (SELECT *, elec_year::INT // 10 * 10 AS d FROM {{reign_electionlist_2021_03}}) r
        JOIN {CODES} c ON c.cown = one(r.ccode) WHERE lower(trim(event)) LIKE 'vote,%' AND type IN ('X', 'L')
        AND d BETWEEN 1950 AND 2010 AND iso3c IN {FOCUS} GROUP BY ALL""",
    ("exercise", "rows"): f"""
        SELECT d || '/' || (d + 9), x.iso3c, z.iso3c, count(DISTINCT (a."MMEID", a.year))
        FROM (SELECT *, year::INT // 10 * 10 AS d FROM {{mme_v7_exercises_long}}) a
        JOIN {{mme_v7_exercises_long}} b ON a."MMEID" = b."MMEID" AND a.year = b.year
        JOIN {CODES} x ON x.cown = a.gwcode JOIN {CODES} z ON z.cown = b.gwcode
        WHERE x.iso3c < z.iso3c AND x.iso3c IN {FOCUS} AND z.iso3c IN {FOCUS} AND d < 2010 GROUP BY ALL""",
    ("exports", "value"): f"""
        SELECT year || '-12-31', x.iso3c, z.iso3c, flow1 FROM {{cow_trade_4_0_ddy}} t
        JOIN {CODES} x ON x.cown = ccode2 JOIN {CODES} z ON z.cown = ccode1
        WHERE flow1 >= 0 AND year IN (1970, 1990, 2010) AND x.iso3c IN {FOCUS} AND z.iso3c IN {FOCUS}""",
    ("exports_constant", "value"): f"""
        SELECT year || '-12-31', x.code, z.code, trade_2010usd / 1e6 FROM {{itpd_e_r01_bilateral_2000_2016}}
        JOIN {NAMES} x ON x.name = "from" JOIN {NAMES} z ON z.name = "to"
        WHERE year IN (2015, 2016) AND x.code <> z.code AND trade_2010usd >= 500""",
    ("trade_share", "value"): f"""
        WITH total AS (SELECT ccode1 AS who, year, sum(flow1) FILTER (flow1 >= 0) AS bought,
            sum(flow2) FILTER (flow2 >= 0) AS sold FROM {{cow_trade_4_0_ddy}} GROUP BY ALL)
        SELECT t.year || '-12-31', x.iso3c, z.iso3c,
        (flow1 + flow2) / (greatest(bought, n.imports) + greatest(sold, n.exports))
        FROM {{cow_trade_4_0_ddy}} t JOIN total ON who = ccode1 AND total.year = t.year
        JOIN {{cow_trade_4_0_state_year}} n ON n.ccode = ccode1 AND n.year = t.year
        JOIN {CODES} x ON x.cown = ccode1 JOIN {CODES} z ON z.cown = ccode2
        WHERE flow1 >= 0 AND flow2 >= 0 AND n.imports >= 0 AND n.exports >= 0 AND t.year IN (1970, 1990, 2010)
        AND x.iso3c IN {FOCUS} AND z.iso3c IN {FOCUS}""",
    ("cost_sharing", "value"): """
        SELECT (fiscal_year + 1) || '-03-31', 'JPN', 'USA', 1000 * amount / yen FROM {hns_japan}
        JOIN (VALUES (1978, 210.39), (1999, 113.73), (2006, 116.31), (2009, 93.68), (2014, 105.74), (2021, 109.84))
        AS r(year, yen) ON r.year = fiscal_year
        UNION ALL SELECT year || '-12-31', 'KOR', 'USA', amount FROM {hns_korea_sma}
        WHERE unit = 'USD million' AND year <= 2004""",
    ("cost_demand", "value"): """
        SELECT CASE length(when_made) WHEN 4 THEN when_made || '-12-31' WHEN 7 THEN when_made || '-31'
        ELSE when_made END, 'USA', country, usd_million
        FROM (SELECT *, year_or_date::VARCHAR AS when_made FROM {burden}) WHERE kind = 'US demand'""",
    ("opinion", "value"): """
        SELECT CASE length("date") WHEN 4 THEN "date" || '-12-31'
        ELSE last_day(("date" || '-01')::DATE)::VARCHAR END, respondents, target, max(value::DOUBLE)
        FROM {polls} WHERE respondents <> target GROUP BY ALL""",
    ("minority_government", "value"): """
        SELECT year("date"::DATE) + 1 || '-02-15', country, '', (majority = 'no')::INT FROM {elections}
        WHERE status = 'held' AND majority IN ('yes', 'no') AND (country, year("date"::DATE)) IN (('JPN', 2005),
        ('JPN', 2009), ('JPN', 2017), ('KOR', 2000), ('KOR', 2004), ('KOR', 2008), ('KOR', 2012), ('TWN', 2004),
        ('USA', 2004), ('USA', 2006), ('USA', 2012), ('USA', 2016), ('USA', 2018), ('USA', 2022))""",
    ("impeachment", "value"): """
        SELECT regexp_extract(note, '(impeached|suspended|suspended from) (\\d{{4}}-\\d\\d-\\d\\d)', 2), country, '', 1
        FROM {leaders} WHERE regexp_matches(note, '(impeached|suspended|suspended from) \\d{{4}}')""",
}


def counted(layer: str, measure: str, inputs: Path) -> dict[str, float]:
    """The figures of a layer by period: a year, or a day."""
    found = _rows(QUERIES[layer, measure], inputs)
    return {str(period)[:10]: float(value) for period, value in found if value is not None}


def placed(layer: str, measure: str, inputs: Path) -> dict[tuple[str, str, str], float]:
    """The figures of single states and dyads of a layer, by period, state and partner."""
    found = _rows(PLACED[layer, measure], inputs)
    return {(str(period)[:10], state, partner): float(value) for period, state, partner, value in found}


def _rows(query: str, inputs: Path) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute("CREATE MACRO one(c) AS CASE c WHEN 260 THEN 255 WHEN 678 THEN 679 ELSE c END")
        connection.execute("CREATE TABLE years AS SELECT unnest(range(1950, 2026)) AS y")
        return connection.execute(query.format_map(_Tables(inputs))).fetchall()


class _Tables(dict):
    """The names of tables as DuckDB reads them."""

    def __init__(self, inputs: Path):
        self.inputs = inputs

    def __missing__(self, name: str) -> str:
        fact = self.inputs.parent / "facts" / f"{name}.csv"
        if fact.is_file():
            return f"read_csv('{fact}', header = true, all_varchar = true)"
        return f"'{self.inputs / name}.parquet'"
