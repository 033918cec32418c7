Feature: A party dies
  The case stands still. A successor comes in and is asked for himself; without one there is nothing left to mediate.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is in Ma's hands
    And Bram has died, and Du has suspended it until Tuesday 30 April 2024

  Rule: suspend - the case stands still, and so does its limit
    Scenario: Until somebody knows who follows
      When it becomes Monday 22 April 2024, 09:00
      Then the case is "Suspended"
      And the clock "Mediation to end" stands still

  Rule: willing - a successor has consented to nothing yet
    Scenario: His daughter takes his place
      Given Cleo has joined as respondent
      And Bram is no longer a party
      And Du has resumed it
      When Ma opens a session
      Then it is refused under "willing"
      And the refusal names Cleo

  Rule: end_moot - nobody follows
    Scenario: The director closes it
      When Du closes it because Bram has died without a successor
      Then the case is closed as "Without object"
      And it counts as procedural
