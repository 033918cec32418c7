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
