"""The classic reach models, one a file, each with its formula, source and known fault; in reading order.

schedule             what they are all given, and what each answers
sainsbury            everything at random
binomial             one average vehicle, at random
beta_binomial        people differ: each vehicle's own accumulation, vehicles at random
metheringham         people differ: one average vehicle, all pairs of insertions pooled
agostini             gross audience against summed duplication, one constant
hofmans              the same with a constant of each pair's own
morgensztern         vehicles' accumulated reach against pairwise duplication; contacts by sequential aggregation
canonical            joint probabilities corrected by pairwise correlations; contacts also by sequential aggregation
aggregation          vehicles joined one by one so that margins and reach are kept
models               the list of them
"""
