Feature: Who is given a case answers in time
  The tables say how long an answer may take. The first act on the case is the answer, whatever it is; who does not answer is
  passed over, and who is off duty just then has a while longer, once.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported
    And Ding has screened it orange with "mass" answered yes
    And Ding has let the engine choose the handler

  Rule: orange-1 - two hours to answer, and the first act is the answer
    Scenario: A minute is left
      When it becomes Monday 15 April 2024, 10:59
      Then Wang holds the seat of the handler
      And the deadline "Handler to answer" is Monday 15 April 2024, 11:00

    Scenario: A note at one minute to eleven
      Given it has become Monday 15 April 2024, 10:59
      And Wang has noted "I go there at noon"
      When it becomes Tuesday 16 April 2024, 09:00
      Then Wang holds the seat of the handler

    Scenario: He takes it and does nothing else
      Given Wang has taken the case that he was given
      When it becomes Tuesday 16 April 2024, 09:00
      Then Wang holds the seat of the handler

    Scenario: A note of somebody else
      Given it has become Monday 15 April 2024, 10:59
      And Ding has noted "where is he"
      When it becomes Monday 15 April 2024, 11:00
      Then Wu holds the seat of the handler

  Rule: who does not answer is passed over, and the next, of the next village, has the whole time
    Scenario: Eleven o'clock
      When it becomes Monday 15 April 2024, 11:00
      Then Wu holds the seat of the handler
      And the deadline "Handler to answer" is Monday 15 April 2024, 13:00
      And the explanation says that Wang was left out: "did not answer in time"
      And made again, both decisions on the handler are the same

    Scenario: One o'clock, and Wu has not answered either
      Given it has become Monday 15 April 2024, 11:00
      When it becomes Monday 15 April 2024, 13:00
      Then Ou holds the seat of the handler
      And the explanation says that Wang was left out: "did not answer in time"
      And the explanation says that Wu was left out: "did not answer in time"

    Scenario: A person may still name him
      Given it has become Monday 15 April 2024, 11:00
      When Ding gives it to Wang, because "his telephone was broken"
      Then Wang holds the seat of the handler

  Rule: orange-1 - four hours of grace for who is off duty, once
    Scenario: On leave at eleven
      Given Wang is away until Friday 19 April 2024
      When it becomes Monday 15 April 2024, 11:00
      Then Wang holds the seat of the handler
      And the deadline "Handler to answer" is Monday 15 April 2024, 15:00

    Scenario: Still silent at three
      Given Wang is away until Friday 19 April 2024
      And it has become Monday 15 April 2024, 11:00
      When it becomes Monday 15 April 2024, 15:00
      Then Wu holds the seat of the handler

    Scenario: He answers from his leave
      Given Wang is away until Friday 19 April 2024
      And it has become Monday 15 April 2024, 11:00
      And Wang has noted "I go there on Saturday"
      When it becomes Monday 15 April 2024, 15:00
      Then Wang holds the seat of the handler
