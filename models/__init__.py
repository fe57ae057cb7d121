"""The mathematics, in reading order.

arrays, errors, expressions   the types that cross between modules; named audiences
audience        universe, traits, segments; raking; a vehicle's audience by segment
reach           nested gamma reach of a schedule and its exact calibration
frequency       the distribution of contacts, n+
contacts        n+ of a schedule and of all schedules next to it, exactly and fast
pairs           duplications and repeat audiences that the calibrated model gives, by audience
classic/        the classic reach models, one a file: Sainsbury to the canonical expansion; a second opinion
columns         how the numbers of a plan lie in one vector: insertions, weeks, packages
tariff          what a plan costs: prices, week factors, packages, fixed costs, volume discounts
package_weeks   rows that keep a package's insertions in the dearest weeks, where a row would not
goals           what an audience must get: floors on reach and n+ reach, caps on frequency
objectives      what a plan is for: influence, word of mouth, reach, effective reach, impressions, minimum cost
rules/          one family of rules a file, listed in registry.py: rows as plain data, an own check, a sentence
problem         what is to be decided: vehicles, objective, rules, floors; the rows in one system
response        what search and programme ask of a population: increments, reach after one more or less
polish          greedy and local search on the exact value
programme       the linear programme that bounds every plan, stated in PuLP
session         what search asks of a solver and what it says; highs, cbc answer (highs alone touches highspy)
solver          opens a session on one of them; solves a small programme once
reduced_costs   how many insertions a plan worth so much can have
feasible        a plan that keeps the rules, reach aside; completion: packages and weeks of given insertions
allocation      the order of work; the heart of the project
fractional_allocation  the same where insertions are fractions
structured_allocation  the same where weeks, packages, discounts or fixed costs rule out search by moves
admissible      whether plans next to a plan keep the rules, packages and weeks completed
effective       greedy and local search on exact n+ reach
cheapest        local search for the least money that meets goals
effective_allocation   the order of work where n+ reach is the objective or a goal
certificate     value, bound, gap
calendar        when to run what is bought, following a flighting pattern
limits          what a campaign demands, and how far a limit gives way
stretched, elastic   its rules with a slack in every limit, as one live programme
goal_searches   what to search for where goals on n+ reach cannot be met
conflict        why no plan fits, and the cheapest ways out
"""

# Raised whenever the same campaign may get another value or another bound: what was proven before is then not read
# back (planner/campaign/fingerprint.py).
MODEL_VERSION = 1
