"""Every statistic once more, as slow loops over years and states that share nothing with the code."""

import itertools
import math
import statistics as st

import networkx as nx
import numpy as np

from latticework.world import Panel


def nan(x: float) -> bool:
    return math.isnan(x)


class Slow:
    """The worlds of a panel of years, cell by cell."""

    def __init__(self, panel: Panel) -> None:
        self.codes = panel.codes
        self.n, self.t = len(panel.codes), len(panel.dates)
        self.layers = {k: np.asarray(v).tolist() for k, v in [*panel.world.states.items(), *panel.world.dyads.items()]}
        self.pairs = list(itertools.combinations(range(self.n), 2))

    def pair(self, layer, t, i, j):
        there, back = self.layers[layer][t][i][j], self.layers[layer][t][j][i]
        return back if nan(there) else there

    def all_pairs(self, layer, t):
        return [self.pair(layer, t, i, j) for i, j in self.pairs]

    def rate(self, happened):
        """`happened(t)` lists the events of a step, NaN where not known."""
        years, total = 0, 0.0
        for t in range(1, self.t):
            known = [x for x in happened(t) if not nan(x)]
            years += bool(known)
            total += sum(known)
        return 10 * total / years if years else math.nan

    def mean(self, number):
        known = [number(t) for t in range(1, self.t)]
        known = [x for x in known if x is not None]
        return st.fmean(known) if known else math.nan

    def graph(self, layer, t):
        found = nx.Graph()
        for i, j in self.pairs:
            value = self.pair(layer, t, i, j)
            if not nan(value):
                found.add_nodes_from([i, j])
                if value > 0:
                    found.add_edge(i, j)
        return found

    def census(self, layer, edges):
        def number(t):
            graph = self.graph(layer, t)
            triples = list(itertools.combinations(graph, 3))
            if not triples:
                return None
            return 1e6 * sum(graph.subgraph(t3).number_of_edges() == edges for t3 in triples) / len(triples)

        return self.mean(number)

    def degrees(self, of):
        def number(t):
            graph = self.graph("defence", t)
            return of([d for _, d in graph.degree]) if len(graph) else None

        return self.mean(number)

    def known(self, layer, t):
        return [x for x in self.layers[layer][t] if not nan(x)]

    def of_known(self, layer, of):
        return self.mean(lambda t: of(self.known(layer, t)) if self.known(layer, t) else None)

    def moves(self, layer, years, of=lambda x: x):
        found = []
        for t in range(self.t - years):
            for a, b in zip(self.layers[layer][t], self.layers[layer][t + years], strict=True):
                if not nan(a) and not nan(b):
                    found.append(of(b) - of(a))
        return st.stdev(found)

    def distance(self, couples):
        def number(t):
            at = dict(zip(self.codes, self.layers["ideal_point"][t], strict=True))
            known = [abs(at[a] - at[b]) for a, b in couples if not nan(at[a] - at[b])]
            return st.fmean(known) if known else None

        return self.mean(number)

    def exits(self, democratic):
        def happened(t):
            rule, left = self.layers["democracy"][t - 1], self.layers["turnover"][t]
            return [x for x, r in zip(left, rule, strict=True) if not nan(r) and (r >= 0.5) == democratic]

        return self.rate(happened)

    def severe(self, layer, least):
        return self.rate(lambda t: [math.nan if nan(x) else float(x >= least) for x in self.all_pairs(layer, t)])

    def signed(self):
        def happened(t):
            both = zip(self.all_pairs("agreement", t - 1), self.all_pairs("agreement", t), strict=True)
            return [float(a == 0 and b == 1) for a, b in both if not nan(a) and not nan(b)]

        return self.rate(happened)

    def halved(self):
        def happened(t):
            both = zip(self.all_pairs("troops", t - 1), self.all_pairs("troops", t), strict=True)
            return [float(a >= 1000 and b <= a / 2) for a, b in both if not nan(a) and not nan(b)]

        return self.rate(happened)

    def trade_pairs(self):
        for t in range(1, self.t):
            both = zip(self.all_pairs("trade", t - 1), self.all_pairs("trade", t), strict=True)
            yield [(a, b) for a, b in both if not nan(a) and not nan(b)]

    def trade_moves(self):
        return st.median(abs(math.log(b / a)) for p in self.trade_pairs() for a, b in p if a > 0 and b > 0)

    def states_rate(self, layer):
        return self.rate(lambda t: self.layers[layer][t])

    def pairs_rate(self, layer):
        return self.rate(lambda t: self.all_pairs(layer, t))


THREE = ("USA", "JPN", "KOR")
BY_HAND = {
    "agreements ended": lambda s: s.pairs_rate("agreement_ended"),
    "agreements signed": Slow.signed,
    "members left": lambda s: s.states_rate("membership_left"),
    "members joined": lambda s: s.states_rate("membership_joined"),
    "garrisons halved": Slow.halved,
    "disputes": lambda s: s.pairs_rate("dispute"),
    "disputes with force": lambda s: s.pairs_rate("dispute_force"),
    "fatal disputes": lambda s: s.pairs_rate("dispute_deaths"),
    "leader changes, democracies": lambda s: s.exits(True),
    "leader changes, others": lambda s: s.exits(False),
    "irregular exits": lambda s: s.states_rate("exit_irregular"),
    "coalition changes": lambda s: s.states_rate("coalition_change"),
    "exercises": lambda s: s.pairs_rate("exercise") / 10,
    "exercising pairs": lambda s: s.severe("exercise", 1) / 10,
    "president's visits": lambda s: s.pairs_rate("visit_president") / 10,
    "secretary's visits": lambda s: s.pairs_rate("visit_secretary") / 10,
    "defence degree, mean": lambda s: s.degrees(st.fmean),
    "defence degree, sd": lambda s: s.degrees(st.pstdev),
    "defence degree, max": lambda s: s.degrees(max),
    "defence isolated": lambda s: s.degrees(lambda d: d.count(0) / len(d)),
    **{
        f"{layer} triads, {k} {'tie' if k == 1 else 'ties'}": lambda s, layer=layer, k=k: s.census(layer, k)
        for layer in ("defence", "dispute")
        for k in range(4)
    },
    "troops abroad": lambda s: s.mean(lambda t: sum(x for x in s.all_pairs("troops", t) if not nan(x)) / 1000),
    "effort, mean": lambda s: s.of_known("defence_effort", st.fmean),
    "effort, median": lambda s: s.of_known("defence_effort", st.median),
    "effort, annual change": lambda s: s.moves("defence_effort", 1, math.log),
    "effort above 2 %": lambda s: s.of_known("defence_effort", lambda x: sum(v > 0.02 for v in x) / len(x)),
    "effort above 4 %": lambda s: s.of_known("defence_effort", lambda x: sum(v > 0.04 for v in x) / len(x)),
    "ideal points, spread": lambda s: s.of_known("ideal_point", st.pstdev),
    "ideal points, annual change": lambda s: s.moves("ideal_point", 1),
    "ideal points, 5-year change": lambda s: s.moves("ideal_point", 5),
    "distance among USA, JPN, KOR": lambda s: s.distance(list(itertools.combinations(THREE, 2))),
    "distance to CHN": lambda s: s.distance([(a, "CHN") for a in THREE]),
    "trade, annual change": Slow.trade_moves,
}
