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
}


def counted(layer: str, measure: str, inputs: Path) -> dict[str, float]:
    """The figures of a layer by period: a year, or a day."""
    with duckdb.connect() as connection:
        connection.execute("CREATE MACRO one(c) AS CASE c WHEN 260 THEN 255 WHEN 678 THEN 679 ELSE c END")
        connection.execute("CREATE TABLE years AS SELECT unnest(range(1950, 2026)) AS y")
        query = QUERIES[layer, measure].format_map(_Tables(inputs))
        return {str(period)[:10]: float(value) for period, value in connection.execute(query).fetchall()}


class _Tables(dict):
    """The names of tables as DuckDB reads them."""

    def __init__(self, inputs: Path):
        self.inputs = inputs

    def __missing__(self, name: str) -> str:
        return f"'{self.inputs / name}.parquet'"
