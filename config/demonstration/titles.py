"""What the awards are called, what they are for, and where: by reference."""

TITLES = {
    "EX-2012-01": (
        "Saturday laboratories and mentoring in Year 10",
        (
            "Learners in Year 10 work in university laboratories for half a year, in small groups with one student as"
            " mentor. The model is to be written up so that a university can run it with its own students."
        ),
        "London and Birmingham",
    ),
    "EX-2012-02": (
        "Employers' problems in Years 9 to 11",
        (
            "Teachers, employers and learners in Years 9 to 11 turn a local problem into six teaching units, tested"
            " in schools and free for others to use."
        ),
        "South West",
    ),
    "EX-2012-03": (
        "People's STEM PhD",
        (
            "With the University of Bradford, people who have never been to a university research a question of their"
            " own and show what they found at the Bradford Science Festival in October 2012."
        ),
        "Bradford",
    ),
    "EX-2012-04": (
        "From Year 11 to a STEM degree",
        (
            "With King's College London: visits, laboratory days and a plan on one page, which show learners in Year"
            " 11 which subjects and grades lead to which courses."
        ),
        "London",
    ),
    "EX-2012-05": (
        "A web resource on reaching disadvantaged learners",
        (
            "Twelve short units that help universities to find and keep learners who are disadvantaged: free school"
            " meals, family income under £25,000, no parent at university, or a school with over 30% disadvantaged"
            " learners."
        ),
        "National",
    ),
    "EX-2012-06": (
        "Crystals in the classroom",
        "Workshops on materials in ten schools that no university visits, with kits that stay there.",
        "Anytown",
    ),
    "EX-2012-07": (
        "Robots at lunchtime",
        "Robotics clubs in three schools, with a contest in the summer.",
        "Anytown",
    ),
    "EX-2012-08": (
        "A network of small outreach groups",
        "Eight small outreach groups share bookings and hold two joint events.",
        "Anytown",
    ),
    "WE-2012-01": (
        "Website of the programme",
        (
            "An open website with best practice of the national and regional communities, free STEM outreach"
            " activities and room for discussion."
        ),
        "National",
    ),
    "PU-2012-01": (
        "Unblocking the pipeline",
        (
            "“Unblocking the pipeline: How the third sector can increase HE participation in STEM subjects”: what was"
            " learned from the exemplar projects, and 17 examples of collaboration drawn from a call for evidence."
        ),
        "National",
    ),
    "CO-2012-01": (
        "National conference, 3 July 2012",
        (
            "A conference in London for over 70 delegates, which launches the national forum and the regional"
            " communities of practice into 2012/13."
        ),
        "London",
    ),
    "CP-2012-01": (
        "Meeting the same families twice",
        (
            "Universities, outreach workers and third sector organisations, led by the University of Bradford, follow"
            " learners from a science festival in Year 6 into their new schools in Year 7."
        ),
        "North East",
    ),
    "CP-2012-02": (
        "Community STEM Awards",
        (
            "Manchester Metropolitan University with four Greater Manchester universities: community groups propose,"
            " a panel selects, and small commissions bring a university to them."
        ),
        "Greater Manchester",
    ),
    "CP-2012-03": (
        "A map of what the region offers",
        (
            "Partners led by the University of Wolverhampton put what they offer on one map, close the gaps, and"
            " build things with learners in Year 9."
        ),
        "West Midlands",
    ),
    "CP-2012-04": (
        "Gwyddoniaeth i bawb: science for everybody",
        (
            "Cardiff University and Science Alliance Cymru bring joint outreach in Welsh and English to schools in"
            " the Valleys. Dod â gwyddoniaeth i ddysgwyr o bob cefndir: yn y tŷ, yn yr ysgol ac yn yr ŵyl."
        ),
        "South Wales",
    ),
    "CP-2012-05": (
        "A van between the coast and the campus",
        (
            "Led by the University of Bath: equipment travels to schools that are far from any university, and each"
            " school has its own student. That the fifth community is the South West is assumed here: the sources do"
            " not name it."
        ),
        "South West",
    ),
    "CP-2012-06": (
        "A community of practice for Example Region",
        "Example University and its partners are to name a challenge of their region and meet it together.",
        "Example Region",
    ),
    "FO-2012-01": (
        "National forum",
        (
            "National third sector organisations and higher education institutions discuss how they work together in"
            " STEM outreach: two meetings in each half of the year, and a paper after each."
        ),
        "National",
    ),
}
