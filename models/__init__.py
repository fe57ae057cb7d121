"""The mathematics, in reading order.

arrays, errors, expressions   the types that cross between modules; named audiences
audience        universe, traits, segments; raking; a vehicle's audience by segment
roots           where a function of one number changes sign
reach           nested gamma reach of a schedule and its exact calibration
frequency       the distribution of contacts, n+
objectives      what a plan is for: influence, reach, impressions
rules/          one family of rules a file, listed in registry.py: rows as plain data, an own check, a sentence
problem         what is to be decided: vehicles, objective, rules, floors; the rows in one matrix
response        what search and programme ask of a population: increments, reach after one more or less
polish          greedy and local search on the exact value
programme       the linear programme that bounds every plan, stated in PuLP
solver          runs it, alone touches highspy; turns an answer into a result or an error
allocation      the order of work; the heart of the project
certificate     value, bound, gap
conflict        why no plan fits
"""
