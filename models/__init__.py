"""The mathematics, room by room; each room knows only those above it. In reading order:

arrays, errors, roots, special   the types that cross between modules; where a function crosses 0; the gamma function
people/      traits, raking; audience: universe, segments; types (type_fit) and pair_types: audience types from
             respondents or pairs; shrinkage of measured compositions; expressions: named audiences; word_of_mouth
reach/       gamma: nested gamma reach and its exact calibration; curves, bends, pair_sums, repeats below it; units,
             bought_units, occasions: several units or contacts; frequency and contacts: n+ (many_plans, clusters: of
             many, a limit); pairs: duplications the model gives; differences: how far it may err on two plans
classic/     the classic reach models, one a file, Sainsbury to the canonical expansion: a second opinion
purchase/    columns: how a plan's numbers lie in one vector; tariff: what a plan costs
rules/       rule: the one shape of what a plan must satisfy; outcome: what it is checked on; one family a file,
             listed in registry
problem/     problem: what is to be decided, its rows in one system; goals, objectives, offer; response: what moves ask
             of a population; insertion_rows: rows for many neighbouring plans at once; certificate: value, bound, gap
respondents/ respondents as planning data; exposure: exact reach, gains, contacts; curves: roofs no whole plan passes;
             model: respondents as a reach model; duplication: counted on them
programme/   relaxation: one linear programme a campaign (campaign_programme), asked again and again; answers,
             reduced_costs: what it says; rows/: what it consists of, the curves of reach and the rules; solvers/: a
             linear programme in the hands of HiGHS or CBC, and what its duals prove; plans/: those that keep the rules,
             listed or found, reach aside; often/: planes above n+ reach; respondents/: the relaxation of people one by
             one, by Newton's steps
search/      allocate chooses the order of work: by_moves (again, where an answer within the gap is enough), tree,
             fractions, several_contacts (goals_met, often_listed, often_bound), by_respondents (with respondent_moves,
             respondent_contacts, respondent_tree); work: the best plan and bound so far; everywhere: whole-number
             searches; admissible: what rules let be bought; local_search over reach_moves, effective_moves,
             cheapest_moves, which complete plans by greedy, effective_filling, making_up
after/       questions asked of a plan: prices (price_range, dearer, shifted: many at once); beating: is any plan worth
             more; questions (respondent_questions): many; binding and its neighbours; calendar (wish, week_rows,
             even_weeks, calendar_search): when to run what; least_change: the nearest plan that is good enough
conflict/    why no plan fits, and the cheapest ways out: limits, stretched, elastic, costs, conflict
many/        many plans of one campaign: trade_off and hull, ladder; draws of other evidence, regret
"""

# Raised whenever the same campaign may get another value or another bound: what was proven before is then not read
# back (planner/campaign/fingerprint.py).
MODEL_VERSION = 3
