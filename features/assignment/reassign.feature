Feature: Work of somebody who falls out goes on
  All open cases of one person go to others in one act. Each is moved by itself: one that cannot go does not keep the others.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Wang handles two disputes of the village

  Rule: each goes to whom the rules pick
    Scenario: Wang falls ill
      Given Wang is away until Friday 19 April 2024
      When Ding hands over all that Wang holds
      Then both disputes have gone to Ou
      And the audit trail keeps the reason "the open work of aux-07 is handed over"

    Scenario: A look at who would take over
      Given Wang is away until Friday 19 April 2024
      When Ding looks at who would take over from Wang
      Then both disputes would go to Ou
      And Wang holds the seat of the handler

    Scenario: The substitute takes over
      Given Wang is away until Friday 19 April 2024, and Wu stands in
      When Ding hands over all that Wang holds
      Then both disputes have gone to Wu

  Rule: one that cannot go stays, and it is said why
    Scenario: Nobody is left
      Given everybody who could handle it is away until Friday 19 April 2024
      When Ding hands over all that Wang holds
      Then none has gone because "nobody left, on the head's list"
      And Wang holds the seat of the handler

    Scenario: Somebody was first
      Given Wang is away until Friday 19 April 2024
      And Ding has given it to Ouyang
      When Ding hands over all that Wang holds
      Then one dispute has gone to Ou

    Scenario: An auxiliary hands over what is another's
      When Wu hands over all that Wang holds
      Then none has gone because it "is for Dispatcher, Head of the station"
