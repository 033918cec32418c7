Feature: The second person's yes
  Whoever may not do something himself can ask those who may. A request that nobody answers lapses, and says so.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: asking changes nothing until somebody who may says yes
    Scenario: The mediator asks for the closing
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days
      When Ma asks for "close"
      Then the request waits for "Committee director" and "Head of the station"
      And the case is "Performed, being followed up"

    Scenario: The director says yes
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days
      And Ma has asked for "close"
      When Du grants the request
      Then the case is closed as "Settled and performed"

    Scenario: A yes cannot make good what the rules want
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      When Ma asks for "close"
      Then it is refused because "the visits that the grade asks for were not all made"

    Scenario: More time is granted
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      When Du grants the request
      Then the deadline "Mediation to end" is Thursday 30 May 2024

  Rule: who asks does not answer
    Scenario: The mediator grants his own request
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      When Ma grants the request
      Then it is refused because "who asks does not answer"
      And the deadline "Mediation to end" is Wednesday 15 May 2024

  Rule: a request lapses after two working days
    Scenario: The director is too late
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      And it has become Thursday 18 April 2024, 09:00
      When Du grants the request
      Then it is refused because "lapsed"
      And the deadline "Mediation to end" is Wednesday 15 May 2024

  Rule: a request goes up to the level above and waits there anew
    Scenario: The head leaves it to the county
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days
      And Ma has asked for "close"
      And it has become Thursday 16 May 2024, 10:00
      When Chen sends the request up
      Then the request lies with county-99 until Monday 20 May 2024

    Scenario: Whoever sits below no longer answers it
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days
      And Ma has asked for "close"
      And Chen has sent the request up
      When Du grants the request
      Then it is refused because "county-99"

    Scenario: Where nobody could answer it, it does not go
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      When Ma sends the request up
      Then it is refused because "nobody is appointed who could answer"

  Rule: what one has said oneself is taken back
    Scenario: The mediator needs no more time
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      And Ma has withdrawn the request
      When Du grants the request
      Then it is refused because "already withdrawn"

    Scenario: A yes that was meant for another case
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      And Du has granted the request
      When Du withdraws the yes
      Then the deadline "Mediation to end" is Wednesday 15 May 2024

    Scenario: A yes on which somebody has built already
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has asked to extend "Mediation to end"
      And Du has granted the request
      And Wang has flagged domestic violence
      When Du withdraws the yes
      Then it is refused because "was built on it"
      And the deadline "Mediation to end" is Thursday 30 May 2024
