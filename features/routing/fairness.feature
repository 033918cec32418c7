Feature: Who gets how much work, and why
  A station's head sees week by week how much each carries, who was picked by whom and for which reason, and who was left out.
  The figures tell no kinship and no complaint.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: load, picks and reasons by person and week
    Scenario: Two cases, one by the engine and one by hand
      Given Ding has let the engine choose the handler
      And another dispute of Asha with Bram is with Ou
      When Chen looks who got how much work this week
      Then Wang carries 2, picked once, by the engine
      And Ou carries 2, picked once, by hand
      And the spread over 4 people is 1/2

    Scenario: Handed back
      Given Ding has let the engine choose the handler
      And Wang has handed it back
      When Chen looks who got how much work this week
      Then Wang carries 0, picked once, by the engine

  Rule: who was left out, without what may not be told
    Scenario: A cousin of a party
      Given Wang is a cousin of Asha
      And another dispute of Asha with Bram is given out by the engine
      When Chen looks who got how much work this week
      Then Wang was left out once as "not_available"

    Scenario: On leave all week
      Given Wu is away until Sunday 21 April 2024
      And Ding has let the engine choose the handler
      When Chen looks who got how much work this week
      Then Wu is not among those who could have been picked
      And the spread over 1 person is 0/1
